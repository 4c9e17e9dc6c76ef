using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>One connection that commands go by, once it is known where to.</summary>
/// <param name="database">The connection.</param>
/// <param name="layout">The layout.</param>
/// <param name="isCounted">Whether it is one of several, so that how busy it is matters.</param>
internal sealed class RedisTarget(IDatabase database, RedisLayout layout, bool isCounted)
{
    private int _outstanding;

    public IDatabase Database => database;

    public RedisLayout Layout => layout;

    /// <summary>How many answers are outstanding.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    public bool IsConnected => database.Multiplexer.IsConnected;

    /// <summary>Notes that something is sent.</summary>
    public void Begin()
    {
        if (isCounted)
        {
            Interlocked.Increment(ref _outstanding);
        }
    }

    /// <summary>Notes that it is answered, or never will be.</summary>
    public void End()
    {
        if (isCounted)
        {
            Interlocked.Decrement(ref _outstanding);
        }
    }
}
