using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Recorder.Inspecting;

/// <summary>Lets only those see a page of this machine who were given its address: other users of the machine can reach every port of it.</summary>
/// <param name="port">Where the page is: browsers keep the cookies of all ports of a machine together.</param>
internal sealed class RunToken(int port)
{
    /// <summary>The parameter of the address that is printed.</summary>
    public const string Parameter = "token";

    private const int Bytes = 32;

    private readonly string _token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
    private readonly string _cookie = $"shadowcat-{port}";

    /// <summary>The token, made for this run.</summary>
    public override string ToString() => _token;

    /// <summary>Passes on who has the token; turns the token of an address into a cookie, so that it stands in no address any more.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Is(context.Request.Cookies[_cookie]))
        {
            return next(context);
        }

        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Path == "/" && Is(context.Request.Query[Parameter]))
        {
            context.Response.Cookies.Append(_cookie, _token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true });
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";

            // What stands behind the # of the address is kept by the browser.
            context.Response.Redirect("/");
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync("This page is for whoever started 'shadowcat inspect': open the address that it printed, with its token.", context.RequestAborted);
    }

    private bool Is(string? given) => given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(_token));
}
