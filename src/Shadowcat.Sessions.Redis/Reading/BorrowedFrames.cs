namespace Shadowcat.Sessions.Redis;

/// <summary>Frames that are borrowed one after the other. The compiler makes no iterator of a <c>ref struct</c>, so this is one by hand.</summary>
internal sealed class BorrowedFrames(FrameReading reading, CancellationToken cancellationToken) : IAsyncEnumerable<BorrowedFrame>
{
    public IAsyncEnumerator<BorrowedFrame> GetAsyncEnumerator(CancellationToken cancellation = default) =>
        new Enumerator(reading, EnumerationToken.Link(cancellationToken, cancellation));

    private sealed class Enumerator(FrameReading reading, EnumerationToken cancellation) : IAsyncEnumerator<BorrowedFrame>
    {
        private readonly IFramePages _pages = reading.Open(cancellation.Token);
        private readonly StoredTextDecoder _decoder = new();
        private FramePage? _page;
        private int _index;
        private bool _ended;

        public BorrowedFrame Current => reading.Borrow(_page ?? throw new InvalidOperationException("There is no current frame."), _index, _decoder);

        public ValueTask<bool> MoveNextAsync() =>
            _page is { } page && ++_index < page.Count ? new ValueTask<bool>(true) : MoveToNextPageAsync();

        public ValueTask DisposeAsync()
        {
            _ended = true;
            GiveBack();
            _pages.Dispose();
            cancellation.Dispose();
            return default;
        }

        private async ValueTask<bool> MoveToNextPageAsync()
        {
            GiveBack();
            if (!_ended)
            {
                _ended = true; // unless there is another page; where that fails, this was all
                _page = await _pages.NextAsync().ConfigureAwait(false);
                _ended = _page is null;
            }

            return !_ended;
        }

        private void GiveBack()
        {
            _page?.Dispose();
            _page = null;
            _index = 0;
        }
    }
}
