using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>One connection that commands go by, once it is known where to.</summary>
/// <param name="database">The connection.</param>
/// <param name="layout">The layout.</param>
/// <param name="isCounted">Whether answers that are outstanding are counted: it is one of several connections, and the least busy is chosen.</param>
/// <param name="evicts">Whether a server evicts keys when its memory is full.</param>
internal sealed class RedisTarget(IDatabase database, RedisLayout layout, bool isCounted, bool evicts)
{
    private readonly ConcurrentDictionary<(object Script, int Partition), object> _batched = new();
    private int _outstanding;
    private int _disconnects;

    public IDatabase Database => database;

    public RedisLayout Layout => layout;

    /// <summary>Whether a server evicts keys when its memory is full: a session may go and leave its list, between the look at it and the push.</summary>
    public bool Evicts => evicts;

    /// <summary>How many answers are outstanding.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    public bool IsConnected => database.Multiplexer.IsConnected;

    /// <summary>How many times the connection was lost. What was learned before may not hold any more: the server may have come back without its newest data.</summary>
    public int Disconnects => Volatile.Read(ref _disconnects);

    /// <summary>The calls of a kind that go by this connection to the partition of a session, together with those of other callers.</summary>
    public BatchedCalls<TCall, TAnswer> Batch<TCall, TAnswer>(BatchedScript<TCall, TAnswer> script, SessionId id)
    {
        var partition = layout.PartitionOf(id);
        return (BatchedCalls<TCall, TAnswer>)(_batched.TryGetValue((script, partition.Number), out var calls)
            ? calls
            : _batched.GetOrAdd((script, partition.Number), script.NewCalls(database, partition)));
    }

    /// <summary>Begins to count how many times the connection is lost.</summary>
    public void Watch() => database.Multiplexer.ConnectionFailed += OnConnectionFailed;

    /// <summary>Stops counting: the connection may outlive the store.</summary>
    public void Unwatch() => database.Multiplexer.ConnectionFailed -= OnConnectionFailed;

    /// <summary>Notes that a command is sent.</summary>
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

    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs failure) => Interlocked.Increment(ref _disconnects);
}
