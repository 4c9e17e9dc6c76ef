using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Gives each client that initializes an id of its conversation, and takes it from the client's requests before the SDK, which knows no sessions, sees them.</summary>
internal sealed class ConversationPolicy(IOptions<HttpServerTransportOptions> transport) : McpEndpointPolicy
{
    private readonly bool _isStateless = transport.Value.SessionMode == HttpServerSessionMode.Stateless;

    private static ReadOnlySpan<byte> Initialize => "\"initialize\""u8;

    protected override Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // Servers with sessions give ids that do the same, and revisions without sessions ask for none.
        if (_isStateless && HttpMethods.IsPost(context.Request.Method) && !McpEndpoints.IsWithoutSessions(context.Request))
        {
            var named = context.Request.Headers[McpEndpoints.SessionIdHeader].ToString();
            if (named.Length == 0)
            {
                Give(context);
            }
            else if (ConversationId.Parse(named) is { } id)
            {
                context.Request.Headers.Remove(McpEndpoints.SessionIdHeader);
                context.Features.Set(id);
            }
        }

        return next(context);
    }

    private static void Give(HttpContext context)
    {
        // The SDK sends the head of its answer when it has read the request, and before anybody else sees the message.
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
