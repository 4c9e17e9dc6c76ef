using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Adds the recording to the message filters of a server: before all others for incoming messages, after all others for outgoing ones.</summary>
internal sealed class RecordingFilters(ServerSessions sessions) : IPostConfigureOptions<McpServerOptions>
{
    public void PostConfigure(string? name, McpServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var scope = new ServerScope(sessions);
        var messages = options.Filters.Message;
        messages.IncomingFilters.Insert(0, next => (context, cancellationToken) => scope.ReceiveAsync(context, next, cancellationToken));
        messages.OutgoingFilters.Add(next => (context, cancellationToken) => scope.SendAsync(context, next, cancellationToken));
    }
}
