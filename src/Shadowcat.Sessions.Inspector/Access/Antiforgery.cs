using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Sees to it that what changes something was asked for by the page itself, and not by another site in the browser of a user who may.</summary>
/// <remarks>The page sends a token in a header, which no form can, and the browser the same token in a cookie, which no other site can set or read. Nothing is kept, so every replica takes the token of another.</remarks>
/// <seealso href="https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html"/>
internal static class Antiforgery
{
    public const string Header = "X-Shadowcat-Antiforgery";

    private const string Cookie = "shadowcat-inspector-antiforgery";
    private const int TokenBytes = 32;

    /// <summary>The token for the page of a request, which the browser gets as a cookie with it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">Where the inspector is.</param>
    public static string Issue(HttpContext context, string path)
    {
        if (context.Request.Cookies[Cookie] is { } known && IsToken(known))
        {
            return known;
        }

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        context.Response.Cookies.Append(Cookie, token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = path, IsEssential = true });
        return token;
    }

    /// <exception cref="ProblemException">Another site may have asked.</exception>
    public static void Require(HttpContext context)
    {
        var request = context.Request;
        var site = request.Headers["Sec-Fetch-Site"].ToString();

        // What a browser says of its own page holds behind a proxy that changes the host, too.
        if (site != "same-origin" && (site.Length > 0 || !IsOwnOrigin(request)))
        {
            throw Refused("Another site asked for it.");
        }

        if (request.Cookies[Cookie] is not { } expected || !IsToken(expected) || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(request.Headers[Header].ToString())))
        {
            throw Refused($"It needs the token of 'api/info' in the header {Header}, and the cookie that came with it.");
        }
    }

    private static bool IsToken(string text) => text.Length == Base64Url.GetEncodedLength(TokenBytes) && Base64Url.IsValid(text);

    private static bool IsOwnOrigin(HttpRequest request) =>
        request.Headers.Origin.ToString() is not { Length: > 0 } origin
        || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && string.Equals(page.Authority, Authority(request), StringComparison.OrdinalIgnoreCase));

    /// <summary>Host and port as an origin writes them: without the usual port.</summary>
    private static string Authority(HttpRequest request) => Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own) ? own.Authority : "";

    private static ProblemException Refused(string why) => new(StatusCodes.Status403Forbidden, "This was not asked for by the page", $"{why} Load the page anew, and try again.");
}
