using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>What all endpoints have in common: the headers that keep the page to itself, and answers that say what is wrong.</summary>
internal static class InspectorEndpoint
{
    /// <summary>What a browser may do with the page: run its own scripts, apply its own styles, ask its own server; and be in no frame.</summary>
    /// <seealso href="https://www.w3.org/TR/CSP3/"/>
    public const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

    /// <summary>Wraps a handler of data.</summary>
    public static RequestDelegate Data(Func<HttpContext, Task> handle) => async context =>
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = DataPolicy;
        Protect(context);
        try
        {
            await handle(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (Problem.Of(exception) is { } problem)
        {
            if (context.Response.HasStarted)
            {
                // Half of an answer must not look like a whole one.
                context.Abort();
                return;
            }

            Clear(context);
            await Problem.WriteAsync(context, problem).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
    };

    /// <summary>Nothing guesses what an answer is, and no address of the page goes to another site.</summary>
    public static void Protect(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private static void Clear(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Remove("Content-Disposition");
        headers.ContentLength = null;
        headers.ContentType = default;
    }
}
