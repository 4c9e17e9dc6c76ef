using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The frames of a log from some place on, one after the other. It may be opened by one call and read by another: each cancels its own waiting only.</summary>
internal abstract class EventSource : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping;

    private EventSource(CancellationTokenSource stopping) => _stopping = stopping;

    /// <summary>Whether it waits for frames that come, or ends with those that are there.</summary>
    public abstract bool Waits { get; }

    /// <summary>The frames that are there, lent by the store: nothing of them is copied but the messages.</summary>
    public static Lent Borrow(ISessionStore store, SessionId log, long first)
    {
        var stopping = new CancellationTokenSource();
        return new Lent(store.BorrowFramesAsync(log, FrameRange.From(first), stopping.Token).GetAsyncEnumerator(stopping.Token), stopping);
    }

    /// <summary>The frames that are there, and those that come.</summary>
    public static EventSource Follow(ISessionStore store, SessionId log, long first)
    {
        var stopping = new CancellationTokenSource();
        return new Followed(store.FollowFramesAsync(log, FrameRange.From(first), stopping.Token).GetAsyncEnumerator(stopping.Token), stopping);
    }

    /// <summary>Lets a token end the reading, until the registration is disposed of.</summary>
    public CancellationTokenRegistration StopWith(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static stopping => ((CancellationTokenSource)stopping!).Cancel(), _stopping);

    /// <summary>Moves to the next frame; completes at once where that has been read already.</summary>
    public abstract ValueTask<bool> MoveNextAsync();

    /// <summary>Looks at the frame; false where it is no event of the stream that is read.</summary>
    public abstract bool TryTake(EventReading reading, out SseItem<JsonRpcMessage?> item);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    protected abstract ValueTask CloseAsync();

    internal sealed class Lent(IAsyncEnumerator<BorrowedFrame> frames, CancellationTokenSource stopping) : EventSource(stopping)
    {
        public override bool Waits => false;

        /// <summary>Finds an event in the frame; null where it is none of the stream.</summary>
        public EventPlace? Find(EventId id, EventStream stream) => EventPlace.In(frames.Current, id, stream);

        public override ValueTask<bool> MoveNextAsync() => frames.MoveNextAsync();

        public override bool TryTake(EventReading reading, out SseItem<JsonRpcMessage?> item) => reading.TryTake(frames.Current, out item);

        protected override ValueTask CloseAsync() => frames.DisposeAsync();
    }

    private sealed class Followed(IAsyncEnumerator<MessageEnvelope> frames, CancellationTokenSource stopping) : EventSource(stopping)
    {
        public override bool Waits => true;

        public override ValueTask<bool> MoveNextAsync() => frames.MoveNextAsync();

        public override bool TryTake(EventReading reading, out SseItem<JsonRpcMessage?> item) => reading.TryTake(frames.Current, out item);

        protected override ValueTask CloseAsync() => frames.DisposeAsync();
    }
}
