using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Answers with the page and its files.</summary>
internal static class PageAnswer
{
    public static Task AnswerPageAsync(HttpContext context)
    {
        InspectorEndpoint.Protect(context);
        if (!context.Request.Path.Value!.EndsWith('/'))
        {
            // What the page asks for is relative to it.
            context.Response.Redirect($"{context.Request.PathBase}{context.Request.Path}/{context.Request.QueryString}");
            return Task.CompletedTask;
        }

        context.Response.Headers.ContentSecurityPolicy = InspectorEndpoint.PagePolicy;
        context.Response.Headers.CacheControl = "no-cache";
        return SendAsync(context, PageAssets.Embedded.Page);
    }

    public static Task AnswerAssetAsync(HttpContext context)
    {
        InspectorEndpoint.Protect(context);
        var assets = PageAssets.Embedded;
        if (context.Request.RouteValues["hash"] as string != assets.Hash || !assets.Files.TryGetValue($"{context.Request.RouteValues["file"]}", out var asset))
        {
            // Of another version of the library, as while one replica is updated and the other is not: not to be kept.
            context.Response.Headers.CacheControl = "no-store";
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return SendAsync(context, asset);
    }

    private static Task SendAsync(HttpContext context, Asset asset)
    {
        var (body, coding) = asset.For(context.Request.Headers.AcceptEncoding.ToString());
        var response = context.Response;
        response.ContentType = asset.ContentType;
        response.Headers.Vary = "Accept-Encoding";
        response.ContentLength = body.Length;
        if (coding is not null)
        {
            response.Headers.ContentEncoding = coding;
        }

        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
