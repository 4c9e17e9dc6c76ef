using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Issues a conversation id to each client that initializes, and removes it from the client's requests before they reach the SDK, which has no sessions here.</summary>
internal sealed class ConversationPolicy(IOptions<HttpServerTransportOptions> transport) : McpEndpointPolicy
{
    private readonly bool _isStateless = transport.Value.SessionMode == HttpServerSessionMode.Stateless;

    private static ReadOnlySpan<byte> Initialize => "\"initialize\""u8;

    protected override Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // A server with sessions issues ids of its own, and clients of revisions without sessions send none.
        if (_isStateless && HttpMethods.IsPost(context.Request.Method) && !McpEndpoints.IsWithoutSessions(context.Request))
        {
            var named = context.Request.Headers[McpEndpoints.SessionIdHeader].ToString();
            if (named.Length == 0)
            {
                Issue(context);
            }
            else if (ConversationId.Parse(named) is { } id)
            {
                context.Request.Headers.Remove(McpEndpoints.SessionIdHeader);
                context.Features.Set(id);
            }
        }

        return next(context);
    }

    private static void Issue(HttpContext context)
    {
        // The SDK starts its response when it has read the request, before any filter gets the message.
        var scan = new MessageScan();
        context.Request.Body = new ScannedBody(context.Request.Body, scan);
        var id = ConversationId.New();
        context.Features.Set(id);
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode == StatusCodes.Status200OK && scan.Method.AsSpan().SequenceEqual(Initialize))
            {
                context.Response.Headers[McpEndpoints.SessionIdHeader] = id.Value;
            }

            return Task.CompletedTask;
        });
    }
}
