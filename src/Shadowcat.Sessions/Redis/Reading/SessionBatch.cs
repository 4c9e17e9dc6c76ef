using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Sessions side by side in the index, as they were answered, and the entries of the index behind them.</summary>
/// <param name="ids">The sessions.</param>
/// <param name="readings">What was answered of each.</param>
/// <param name="next">Where the entries behind them were looked for.</param>
/// <param name="following">Those entries; none in the last batch.</param>
internal sealed class SessionBatch(IReadOnlyList<SessionId> ids, SessionReading[] readings, IndexPlace next, RedisValue[] following) : IDisposable
{
    private int _taken;

    public IndexPlace Next => next;

    public RedisValue[] Following => following;

    /// <summary>Takes the next session, which the caller reads.</summary>
    public bool TryTake(out SessionId id, out SessionReading reading)
    {
        var isOne = _taken < readings.Length;
        (id, reading) = isOne ? (ids[_taken], readings[_taken]) : default;
        _taken += isOne ? 1 : 0;
        return isOne;
    }

    /// <summary>Lets go of the sessions that were not taken.</summary>
    public void Dispose()
    {
        SessionReading.Forget(readings.AsSpan(_taken));
        _taken = readings.Length;
    }
}
