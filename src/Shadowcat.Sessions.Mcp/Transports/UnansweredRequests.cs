using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;
using SdkRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The requests of the client on a connection that were not answered yet: when the connection ends, they end with it.</summary>
internal sealed class UnansweredRequests
{
    /// <summary>Since this revision a client that closes the connection cancels its requests.</summary>
    private const string FirstThatCancelsByClosing = "2026-07-28";

    private readonly ConcurrentDictionary<SdkRequestId, JsonRpcRequest> _asked = [];

    /// <summary>Follows a message of the connection.</summary>
    public void Follow(MessageDirection direction, JsonRpcMessage message)
    {
        if (direction == MessageDirection.ClientToServer && message is JsonRpcRequest request)
        {
            _asked[request.Id] = request;
        }
        else if (direction == MessageDirection.ServerToClient && message is JsonRpcResponse or JsonRpcError)
        {
            Forget(message);
        }
    }

    /// <summary>Takes a request, or what answers it, for over.</summary>
    public void Forget(JsonRpcMessage message)
    {
        if (message is JsonRpcMessageWithId identified)
        {
            _asked.TryRemove(identified.Id, out _);
        }
    }

    /// <summary>What is not answered, and how it ends with the connection.</summary>
    /// <param name="isByClient">Whether the client ended that.</param>
    public IEnumerable<(JsonRpcRequest Request, string How)> End(bool isByClient) => _asked.Values.Select(request => (
        request,
        !isByClient ? ExchangeEnd.Broken
            : string.CompareOrdinal(Version(request), FirstThatCancelsByClosing) >= 0 ? ExchangeEnd.Cancelled
            : ExchangeEnd.Closed));

    private static string? Version(JsonRpcRequest request) =>
        (string?)JsonText.Member(JsonText.Member(request.Params, "_meta"), "io.modelcontextprotocol/protocolVersion");
}
