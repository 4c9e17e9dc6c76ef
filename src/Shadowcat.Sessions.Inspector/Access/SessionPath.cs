using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Shadowcat.Sessions.Inspector;

/// <summary>The id of a session in an address.</summary>
internal static class SessionPath
{
    private const string Before = "/api/sessions/";

    /// <summary>The id, whatever characters it has; null where the address has none.</summary>
    /// <remarks>Routing decodes every character but the slash, and so cannot tell <c>a/b</c> from <c>a%2Fb</c>: what the client sent is read instead.</remarks>
    public static string? IdOf(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = target.Split('?', 2)[0];
        var begin = path.LastIndexOf(Before, StringComparison.OrdinalIgnoreCase);
        return begin < 0
            ? context.Request.RouteValues["id"] as string
            : Uri.UnescapeDataString(path[(begin + Before.Length)..].Split('/', 2)[0]);
    }
}
