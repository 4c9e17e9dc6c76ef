using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The frames that a log has, and those that come.</summary>
internal sealed class FollowedEvents(IAsyncEnumerator<MessageEnvelope> frames) : EventSource
{
    public override bool TryTake(EventReading reading, out SseItem<JsonRpcMessage?> item) => reading.TryTake(frames.Current, out item);

    public override ValueTask DisposeAsync() => frames.DisposeAsync();

    protected override ValueTask<bool> MoveAsync() => frames.MoveNextAsync();
}
