namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A pool that keeps one: what nobody holds any more is what the next caller gets.</summary>
internal sealed class PooledNumbers
{
    private PooledNumber? _unused;

    /// <summary>How many were made, because none was there to be used again.</summary>
    public int Made { get; private set; }

    /// <summary>Whether one is there to be used again.</summary>
    public bool HasUnused => Volatile.Read(ref _unused) is not null;

    public PooledNumber Rent()
    {
        var wait = Interlocked.Exchange(ref _unused, null);
        if (wait is null)
        {
            wait = new PooledNumber(this);
            Made++;
        }

        wait.Start();
        return wait;
    }

    public void GiveBack(PooledNumber wait) => Assert.Null(Interlocked.Exchange(ref _unused, wait));
}
