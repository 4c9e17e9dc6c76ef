namespace Shadowcat.Sessions;

/// <summary>Frames that are envelopes already, as borrowed ones: what a store does that has nothing better.</summary>
internal sealed class BorrowedEnvelopes(IAsyncEnumerable<MessageEnvelope> frames) : IAsyncEnumerable<BorrowedFrame>
{
    public IAsyncEnumerator<BorrowedFrame> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(frames.GetAsyncEnumerator(cancellationToken));

    private sealed class Enumerator(IAsyncEnumerator<MessageEnvelope> frames) : IAsyncEnumerator<BorrowedFrame>
    {
        public BorrowedFrame Current => new(frames.Current);

        public ValueTask<bool> MoveNextAsync() => frames.MoveNextAsync();

        public ValueTask DisposeAsync() => frames.DisposeAsync();
    }
}
