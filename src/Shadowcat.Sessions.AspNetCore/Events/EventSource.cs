using System.Net.ServerSentEvents;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The frames of a log, one after the other.</summary>
internal abstract class EventSource : IAsyncDisposable
{
    /// <summary>The frames that a log has, lent by the store: nothing of them is copied but the messages.</summary>
    public static EventSource Of(IAsyncEnumerator<BorrowedFrame> frames) =>
        new Frames<BorrowedFrame>(frames, static (EventReading reading, BorrowedFrame frame, out SseItem<JsonRpcMessage?> item) => reading.TryTake(frame, out item));

    /// <summary>The frames that a log has, and those that come.</summary>
    public static EventSource Of(IAsyncEnumerator<MessageEnvelope> frames) =>
        new Frames<MessageEnvelope>(frames, static (EventReading reading, MessageEnvelope frame, out SseItem<JsonRpcMessage?> item) => reading.TryTake(frame, out item));

    /// <summary>Moves to the next frame; completes at once where that has been read already.</summary>
    /// <exception cref="McpException">The frames are gone.</exception>
    public ValueTask<bool> MoveNextAsync()
    {
        try
        {
            var moving = MoveAsync();
            return moving.IsCompletedSuccessfully ? moving : AwaitAsync(moving);
        }
        catch (SessionStoreException exception) when (IsGone(exception))
        {
            throw Gone(exception);
        }
    }

    /// <summary>Looks at the frame; false where it is no event of the stream that is read.</summary>
    public abstract bool TryTake(EventReading reading, out SseItem<JsonRpcMessage?> item);

    public abstract ValueTask DisposeAsync();

    protected abstract ValueTask<bool> MoveAsync();

    private static async ValueTask<bool> AwaitAsync(ValueTask<bool> moving)
    {
        try
        {
            return await moving.ConfigureAwait(false);
        }
        catch (SessionStoreException exception) when (IsGone(exception))
        {
            throw Gone(exception);
        }
    }

    private static bool IsGone(SessionStoreException exception) => exception is SessionNotFoundException or FramesTrimmedException;

    private static McpException Gone(SessionStoreException exception) => new("The events of the stream are no longer kept.", exception);

    private delegate bool Take<T>(EventReading reading, T frame, out SseItem<JsonRpcMessage?> item)
        where T : allows ref struct;

    private sealed class Frames<T>(IAsyncEnumerator<T> frames, Take<T> take) : EventSource
        where T : allows ref struct
    {
        public override bool TryTake(EventReading reading, out SseItem<JsonRpcMessage?> item) => take(reading, frames.Current, out item);

        public override ValueTask DisposeAsync() => frames.DisposeAsync();

        protected override ValueTask<bool> MoveAsync() => frames.MoveNextAsync();
    }
}
