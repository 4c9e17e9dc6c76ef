using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The frames that a log has, lent by the store: nothing of them is copied but the messages.</summary>
internal sealed class LentEvents(IAsyncEnumerator<BorrowedFrame> frames) : EventSource
{
    public override bool TryTake(EventReading reading, out SseItem<JsonRpcMessage?> item) => reading.TryTake(frames.Current, out item);

    public override ValueTask DisposeAsync() => frames.DisposeAsync();

    protected override ValueTask<bool> MoveAsync() => frames.MoveNextAsync();
}
