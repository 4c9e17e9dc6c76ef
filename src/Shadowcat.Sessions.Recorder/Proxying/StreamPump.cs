namespace Shadowcat.Sessions.Recorder.Proxying;

/// <summary>Carries one direction byte for byte, and shows each chunk to a splitter on the way.</summary>
/// <remarks>
/// It reads and writes synchronously on a thread of its own: a pipe is read by a blocked thread anyway, and on a small
/// machine two blocked threads of the pool would hold up everything else.
/// </remarks>
/// <param name="source">Where the bytes come from.</param>
/// <param name="destination">Where they go.</param>
/// <param name="splitter">Sees them.</param>
/// <param name="keepsReading">Whether to read on where the receiver has closed its end, so that the sender never blocks; else the sender learns of it by closing the source.</param>
/// <param name="onBroken">Called once when the receiver has closed its end: what comes from then on reaches nobody.</param>
internal sealed class StreamPump(Stream source, Stream destination, LineSplitter splitter, bool keepsReading, Action onBroken)
{
    private const int ChunkBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private ReadOnlyMemory<byte> _held;
    private bool _isBroken;
    private bool _isComplete;
    private bool _isWaiting;
    private long _read;

    /// <summary>How many bytes came so far.</summary>
    public long Read => Volatile.Read(ref _read);

    /// <summary>Whether it waits for what comes next, and has nothing to carry.</summary>
    public bool IsWaiting => Volatile.Read(ref _isWaiting);

    /// <summary>Whether the line that came last is not whole yet.</summary>
    public bool IsInsideLine
    {
        get
        {
            lock (_lock)
            {
                return splitter.IsInsideLine;
            }
        }
    }

    /// <summary>Carries the other direction: whatever that shows may answer what is carried here.</summary>
    public StreamPump? Other { get; set; }

    /// <summary>Shows what is being written, and what came of a line that is not whole, where nobody waits for it any more: it was not delivered.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            var isUndelivered = _isBroken || !_held.IsEmpty;
            ShowHeld(isUndelivered);
            Complete(isUndelivered, isCut: true);
        }
    }

    /// <summary>Runs until the source ends.</summary>
    public Task RunAsync() => Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run()
    {
        var buffer = new byte[ChunkBytes];
        while (ReadNext(buffer) is > 0 and var length)
        {
            // Shown when it is written, since only then is it known whether it was. Nothing here waits.
            Hold(buffer.AsMemory(0, length));
            Forward(buffer.AsSpan(0, length));
            ShowHeld(_isBroken);
            if (_isBroken && !keepsReading)
            {
                source.Dispose();
                break;
            }
        }

        Complete(_isBroken, isCut: false);
    }

    private void Complete(bool isUndelivered, bool isCut)
    {
        lock (_lock)
        {
            if (!_isComplete)
            {
                _isComplete = true;
                splitter.Complete(isUndelivered, isCut);
            }
        }
    }

    private void Hold(ReadOnlyMemory<byte> bytes)
    {
        // The answer to a request must not be seen before the request: where it came, the request was delivered.
        Other?.ShowHeld(isUndelivered: false);
        lock (_lock)
        {
            _held = bytes;
        }

        Volatile.Write(ref _read, _read + bytes.Length);
    }

    private void ShowHeld(bool isUndelivered)
    {
        lock (_lock)
        {
            if (!_isComplete)
            {
                splitter.Add(_held.Span, isUndelivered || _isBroken);
            }

            _held = default;
        }
    }

    private int ReadNext(byte[] buffer)
    {
        Volatile.Write(ref _isWaiting, true);
        try
        {
            return source.Read(buffer);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // A pipe whose other end vanished has ended.
            return 0;
        }
        finally
        {
            Volatile.Write(ref _isWaiting, false);
        }
    }

    private void Forward(ReadOnlySpan<byte> bytes)
    {
        if (_isBroken)
        {
            return;
        }

        try
        {
            destination.Write(bytes);
            destination.Flush();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            _isBroken = true;
            onBroken();
        }
    }
}
