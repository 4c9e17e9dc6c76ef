namespace Shadowcat.Sessions.Redis;

/// <summary>The appends of a queue that nobody holds, to be used again.</summary>
internal sealed class AppendPool(AppendQueue queue)
{
    private const int MaxPooled = 4096;

    private readonly Lock _lock = new();
    private readonly Stack<PendingAppend> _unused = new();

    public PendingAppend Rent()
    {
        lock (_lock)
        {
            return _unused.TryPop(out var append) ? append : new PendingAppend(queue);
        }
    }

    public void Return(PendingAppend append)
    {
        lock (_lock)
        {
            if (_unused.Count < MaxPooled)
            {
                _unused.Push(append);
            }
        }
    }
}
