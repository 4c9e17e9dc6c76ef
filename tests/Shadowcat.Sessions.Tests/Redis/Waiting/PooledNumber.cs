namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A caller who waits for a number.</summary>
internal sealed class PooledNumber(PooledNumbers pool) : PooledWait<int>
{
    public void Start() => Begin();

    protected override void Clear()
    {
        // It refers to nothing.
    }

    protected override void ReturnToPool() => pool.GiveBack(this);
}
