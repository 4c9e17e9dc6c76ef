using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;
using SdkRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The requests of the client on a connection that are not answered. They end with the connection.</summary>
internal sealed class UnansweredRequests
{
    /// <summary>Since this revision a client that closes the connection cancels its requests.</summary>
    private const string FirstThatCancelsByClosing = "2026-07-28";

    private readonly ConcurrentDictionary<SdkRequestId, JsonRpcRequest> _asked = [];

    /// <summary>Adds a request, or removes it where the message answers it.</summary>
    public void Follow(MessageDirection direction, JsonRpcMessage message)
    {
        if (direction == MessageDirection.ClientToServer && message is JsonRpcRequest request)
        {
            _asked[request.Id] = request;
        }
        else if (direction == MessageDirection.ServerToClient && message is JsonRpcResponse or JsonRpcError)
        {
            Remove(message);
        }
    }

    /// <summary>Removes a request that is answered or cancelled.</summary>
    public void Remove(JsonRpcMessage message)
    {
        if (message is JsonRpcMessageWithId identified)
        {
            _asked.TryRemove(identified.Id, out _);
        }
    }

    /// <summary>The requests that are not answered, and how they end with the connection.</summary>
    /// <param name="isByClient">Whether the client ended the connection.</param>
    public IEnumerable<(JsonRpcRequest Request, string How)> End(bool isByClient) => _asked.Values.Select(request => (
        request,
        !isByClient ? ExchangeEnd.Broken
            : string.CompareOrdinal(Version(request), FirstThatCancelsByClosing) >= 0 ? ExchangeEnd.Cancelled
            : ExchangeEnd.Closed));

    private static string? Version(JsonRpcRequest request) =>
        (string?)JsonText.Member(JsonText.Member(request.Params, "_meta"), "io.modelcontextprotocol/protocolVersion");
}
