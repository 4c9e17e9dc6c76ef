using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.Replicas;

/// <summary>Believes everybody who he says he is. For a demonstration: a real gateway checks a token (<c>AddJwtBearer</c>), and the rest stays as it is.</summary>
internal sealed class DemoAuthentication(IOptionsMonitor<DemoAuthenticationOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<DemoAuthenticationOptions>(options, logger, encoder)
{
    public const string SchemeName = "Demo";

    private const string Bearer = "Bearer ";
    private const string Issuer = "https://demo.example";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.ToString() is not { Length: > 7 } header || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var identity = new ClaimsIdentity([new Claim("sub", header[Bearer.Length..], ClaimValueTypes.String, Issuer)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }
}
