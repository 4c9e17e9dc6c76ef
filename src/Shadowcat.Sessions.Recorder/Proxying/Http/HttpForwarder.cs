using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>Hands a request of Streamable HTTP on and its response back, as they are, and shows the messages in them to a recording on the way.</summary>
/// <param name="path">The server, and what is recorded of what goes to it.</param>
/// <param name="clients">Says whom it serves.</param>
/// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http"/>
internal sealed class HttpForwarder(HttpPath path, ClientHosts clients)
{
    public async Task ForwardAsync(HttpContext context, CancellationToken stop)
    {
        if (clients.Refusal(context.Request) is { } refusal)
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, refusal);
        }
        else if (!path.Endpoint.TryResolve(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, context.Request.Path, out var target))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "only paths of the server are handed on, and this one may name another host");
        }
        else
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stop);
            await new HttpForwarding(path, context, target, ending.Token).RunAsync();
        }
    }

    private async Task RefuseAsync(HttpContext context, int status, string reason)
    {
        path.Notices.Say($"refused {context.Request.Method} ({status}): {reason}");
        context.Response.StatusCode = status;
        await context.Response.WriteAsync($"shadowcat: {reason}\n", context.RequestAborted);
    }
}
