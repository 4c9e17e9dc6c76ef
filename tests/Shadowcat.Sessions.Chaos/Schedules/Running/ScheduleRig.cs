using System.Globalization;
using Shadowcat.Sessions.Chaos.Schedules.Holding;
using Shadowcat.Sessions.Chaos.Schedules.Judging;
using Shadowcat.Sessions.Redis;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Chaos.Schedules.Running;

/// <summary>What schedules are run on, one after the other: a database of a server, a connection, and the stores of two callers and of a reader.</summary>
internal sealed class ScheduleRig : IAsyncDisposable
{
    private const string Prefix = "schedules";

    private readonly IConnectionMultiplexer _connection;
    private readonly StoreFactory _factory;
    private readonly List<ISessionStore> _stores = [];
    private readonly Dictionary<int, ScheduleCaller[]> _callers = [];
    private long _sessions;

    private ScheduleRig(IConnectionMultiplexer connection, StoreFactory factory)
    {
        _connection = connection;
        _factory = factory;
        Reader = Make(connection, new SessionStoreOptions(), retries: 0);
        foreach (var retries in (int[])[0, 1])
        {
            _callers[retries] = [NewCaller(retries), NewCaller(retries)];
        }
    }

    /// <summary>Makes a store over a connection.</summary>
    public delegate ISessionStore StoreFactory(IConnectionMultiplexer connection, SessionStoreOptions options, RedisSessionStoreOptions redis);

    /// <summary>Whoever looks between the steps: nothing that he sends is held.</summary>
    public ISessionStore Reader { get; }

    public IDatabase Database => _connection.GetDatabase();

    /// <summary>What the model was asked so far.</summary>
    public ModelAnswers Answers { get; } = new();

    /// <summary>Prepares a database.</summary>
    /// <param name="endpoint">The server as host:port.</param>
    /// <param name="database">The database, which nothing else uses.</param>
    /// <param name="factory">Makes the stores; null for Redis stores as they are.</param>
    public static async Task<ScheduleRig> OpenAsync(string endpoint, int database, StoreFactory? factory = null)
    {
        var configuration = ConfigurationOptions.Parse(endpoint);
        configuration.DefaultDatabase = database;
        configuration.AsyncTimeout = configuration.SyncTimeout = 60_000;
        var rig = new ScheduleRig(
            await ConnectionMultiplexer.ConnectAsync(configuration), factory ?? (static (connection, options, redis) => new RedisSessionStore(connection, options, redis)));

        // What a schedule left that came to no end is not to be found by another one.
        await foreach (var key in rig._connection.GetServers()[0].KeysAsync(database, $"*{Prefix}*"))
        {
            await rig.Database.KeyDeleteAsync(key);
        }

        // Each store agrees on the layout before anything is held.
        foreach (var store in rig._stores)
        {
            await store.CountSessionsAsync();
        }

        return rig;
    }

    /// <summary>The callers whose stores repeat a command so often.</summary>
    public IReadOnlyList<ScheduleCaller> Callers(int retries) => _callers[retries];

    /// <summary>An id that no schedule had here. None is the beginning of another.</summary>
    public SessionId NewId() => new(string.Create(CultureInfo.InvariantCulture, $"s{++_sessions:D9}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var caller in _callers.Values.SelectMany(static callers => callers))
        {
            // What is held would keep its store from ending.
            caller.Gate.Open();
            while (caller.Gate.Next is not null)
            {
                caller.Gate.Take().Break();
            }
        }

        foreach (var store in _stores.OfType<IAsyncDisposable>())
        {
            await store.DisposeAsync();
        }

        await _connection.DisposeAsync();
    }

    private ScheduleCaller NewCaller(int retries)
    {
        var gate = new CommandGate();
        var connection = HeldConnection.Create(_connection, gate);
        var stores = ((long?[])[null, Bounds.Of(Mutation.Script), Bounds.Of(Mutation.Trim)])
            .Select(bound => (Bound: bound, Store: Make(connection, new SessionStoreOptions { MaxFramesPerSession = bound }, retries)))
            .ToArray();
        return new ScheduleCaller(gate, mutation => Array.Find(stores, store => store.Bound == Bounds.Of(mutation)).Store);
    }

    private ISessionStore Make(IConnectionMultiplexer connection, SessionStoreOptions options, int retries)
    {
        // The schedule breaks connections, so no outage is to be taken for one; and no call is to end by its time. Sessions live for a quarter of an hour, and are to count as
        // ones that may end while a call is repeated, for here that is a moment: so the longest repetition is longer.
        var store = _factory(connection, options, new RedisSessionStoreOptions
        {
            KeyPrefix = Prefix,
            Partitions = 1,
            MaxRetries = retries,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            OperationTimeout = TimeSpan.FromMinutes(10),
            TombstoneTimeToLive = TimeSpan.FromMinutes(10),
            BreakerEnabled = false,
            PublishChanges = false,
        });
        _stores.Add(store);
        return store;
    }
}
