using System.Security.Claims;
using Microsoft.AspNetCore.Builder;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>Believes a header that says who somebody is.</summary>
internal static class Authentication
{
    private const string User = "X-Test-User";

    public static void ByHeader(WebApplication application) => application.Use((context, next) =>
    {
        if (context.Request.Headers[User].ToString() is { Length: > 0 } user)
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user, ClaimValueTypes.String, "https://issuer.example")], "test"));
        }

        return next();
    });

    public static Dictionary<string, string> Header(string user) => new() { [User] = user };
}
