using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>One connection that commands go by, once it is known where to.</summary>
/// <param name="database">The connection.</param>
/// <param name="layout">The layout.</param>
/// <param name="isCounted">Whether it is one of several, so that how busy it is matters.</param>
/// <param name="evicts">Whether a server evicts keys when its memory is full.</param>
internal sealed class RedisTarget(IDatabase database, RedisLayout layout, bool isCounted, bool evicts)
{
    private readonly SharedCalls<SessionId, SessionAnswer>?[] _reads = new SharedCalls<SessionId, SessionAnswer>?[layout.Partitions.Count];
    private readonly SharedCalls<SessionToCreate, RedisResult>?[] _creates = new SharedCalls<SessionToCreate, RedisResult>?[layout.Partitions.Count];
    private int _outstanding;
    private int _breaks;

    public IDatabase Database => database;

    public RedisLayout Layout => layout;

    /// <summary>Whether a server evicts keys when its memory is full: a session may go and leave its list, which a push would not notice.</summary>
    public bool Evicts => evicts;

    /// <summary>How many answers are outstanding.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    public bool IsConnected => database.Multiplexer.IsConnected;

    /// <summary>How many times the connection was lost. What was learned before that may not hold: the server may have come back without its newest data.</summary>
    public int Breaks => Volatile.Read(ref _breaks);

    /// <summary>The sessions of a partition that are read one by one, by this connection.</summary>
    public SharedCalls<SessionId, SessionAnswer> ReadsOf(SessionId id)
    {
        var partition = layout.PartitionOf(id);
        ref var reads = ref _reads[partition.Number];
        return Volatile.Read(ref reads) ?? Interlocked.CompareExchange(ref reads, NewReads(partition), null) ?? reads;
    }

    /// <summary>The sessions of a partition that are created one by one, by this connection.</summary>
    public SharedCalls<SessionToCreate, RedisResult> CreatesOf(SessionId id)
    {
        var partition = layout.PartitionOf(id);
        ref var creates = ref _creates[partition.Number];
        return Volatile.Read(ref creates) ?? Interlocked.CompareExchange(ref creates, NewCreates(partition), null) ?? creates;
    }

    /// <summary>Begins to count how many times the connection is lost.</summary>
    public void Watch() => database.Multiplexer.ConnectionFailed += OnConnectionFailed;

    /// <summary>Ends it: the connection may outlive the store.</summary>
    public void Unwatch() => database.Multiplexer.ConnectionFailed -= OnConnectionFailed;

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

    // Apart, so that finding what is there already makes no closure.
    private SharedCalls<SessionId, SessionAnswer> NewReads(RedisPartition partition) =>
        new(ReadSessions.MaxTogether, ids => ReadSessions.AskAsync(database, partition, Operations.GetSession, ids));

    private SharedCalls<SessionToCreate, RedisResult> NewCreates(RedisPartition partition) =>
        new(CreateSession.MaxTogether, sessions => CreateSession.AskAsync(database, partition, sessions));

    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs failure) => Interlocked.Increment(ref _breaks);
}
