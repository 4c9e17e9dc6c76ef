using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Recorder.Inspecting;

/// <summary>Refuses requests that name another host than this machine: a page elsewhere that has let its own name point here would else be taken for the page itself (DNS rebinding).</summary>
internal static class LoopbackHost
{
    private static readonly string[] Names = ["127.0.0.1", "localhost", "[::1]"];

    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Names.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase) && context.Request.Host.Port == context.Connection.LocalPort)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return context.Response.WriteAsync($"The inspector is at http://127.0.0.1:{context.Connection.LocalPort}/ of this machine, and at no other name.", context.RequestAborted);
    }
}
