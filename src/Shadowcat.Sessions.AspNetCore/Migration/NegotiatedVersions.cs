using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Stores the protocol version of the answer to <c>initialize</c> before the client receives it. The migration handler of the SDK is called earlier, when only the version of the client is known.</summary>
internal sealed class NegotiatedVersions(MigratingSessions sessions, ILogger<NegotiatedVersions> logger) : IPostConfigureOptions<McpServerOptions>
{
    public void PostConfigure(string? name, McpServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Filters.Message.OutgoingFilters.Add(next => async (context, cancellationToken) =>
        {
            if (context.Server.SessionId is { } sessionId && AnsweredVersion(context.JsonRpcMessage) is { } version)
            {
                await StoreAsync(sessionId, version, context.Server.ServerOptions.ServerInfo, cancellationToken).ConfigureAwait(false);
            }

            await next(context, cancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>The version in the answer to <c>initialize</c>; null in every other message.</summary>
    private static string? AnsweredVersion(JsonRpcMessage message) =>
        message is JsonRpcResponse { Result: JsonObject result }
        && result["serverInfo"] is JsonObject
        && result["protocolVersion"] is JsonValue value
        && value.TryGetValue<string>(out var version)
            ? version
            : null;

    private async ValueTask StoreAsync(string sessionId, string version, Implementation? server, CancellationToken cancellationToken)
    {
        try
        {
            await sessions.AgreeAsync(sessionId, version, server, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException exception)
        {
            // The session stays usable in this process. A version that is not stored is not guessed later.
            AspNetCoreLog.VersionNotStored(logger, exception);
        }
    }
}
