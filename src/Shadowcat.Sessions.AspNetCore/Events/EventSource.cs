using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The frames of a log from a sequence on. One call may open it and another read it, each with a cancellation token of its own.</summary>
internal abstract class EventSource : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping;

    private EventSource(CancellationTokenSource stopping) => _stopping = stopping;

    /// <summary>Whether it waits for new frames, or ends with the stored ones.</summary>
    public abstract bool Waits { get; }

    /// <summary>The stored frames, borrowed from the store: nothing of them is copied but the messages.</summary>
    public static Borrowed Borrow(ISessionStore store, SessionId log, long first)
    {
        var stopping = new CancellationTokenSource();
        return new Borrowed(store.BorrowFramesAsync(log, FrameRange.From(first), stopping.Token).GetAsyncEnumerator(stopping.Token), stopping);
    }

    /// <summary>The stored frames, and then new ones.</summary>
    public static EventSource Follow(ISessionStore store, SessionId log, long first)
    {
        var stopping = new CancellationTokenSource();
        return new Followed(store.FollowFramesAsync(log, FrameRange.From(first), stopping.Token).GetAsyncEnumerator(stopping.Token), stopping);
    }

    /// <summary>Lets a token cancel the reading, until the registration is disposed of.</summary>
    public CancellationTokenRegistration StopWith(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static stopping => ((CancellationTokenSource)stopping!).Cancel(), _stopping);

    /// <summary>Moves to the next frame; completes synchronously where that was received already.</summary>
    public abstract ValueTask<bool> MoveNextAsync();

    /// <summary>Reads the current frame; false where it is no event of the stream.</summary>
    public abstract bool TryTake(EventReading reading, out SseItem<JsonRpcMessage?> item);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    protected abstract ValueTask CloseAsync();

    internal sealed class Borrowed(IAsyncEnumerator<BorrowedFrame> frames, CancellationTokenSource stopping) : EventSource(stopping)
    {
        public override bool Waits => false;

        /// <summary>Reads the place of an event from the current frame; null where it is no event of the stream.</summary>
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
