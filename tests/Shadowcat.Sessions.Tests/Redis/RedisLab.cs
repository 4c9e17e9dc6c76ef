using System.Globalization;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A key prefix on a server: stores that work under it, and what the server really holds.</summary>
internal sealed class RedisLab : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;
    private readonly List<RedisSessionStore> _stores = [];

    private RedisLab(ConnectionMultiplexer connection, string configuration)
    {
        _connection = connection;
        Configuration = configuration;
    }

    public string Prefix { get; } = RedisFixture.NewPrefix();

    /// <summary>What the lab connected to.</summary>
    public string Configuration { get; }

    public IConnectionMultiplexer Connection => _connection;

    public IDatabase Database => _connection.GetDatabase();

    public IServer Server => _connection.GetServers()[0];

    /// <summary>A connection of the test's own, as commands go by it.</summary>
    public RedisTarget Target => TargetOf(Database);

    /// <summary>A connection, as commands go by it.</summary>
    public RedisTarget TargetOf(IDatabase database) => new(database, new RedisLayout(Prefix, [0]), isCounted: false, evicts: false);

    /// <summary>The partition of a layout that has one.</summary>
    public RedisPartition Partition => new RedisLayout(Prefix, [0]).Partitions[0];

    public RedisKey Record => RedisLayout.RecordKey(Prefix);

    public static async Task<RedisLab> OpenAsync(string configuration)
    {
        var options = ConfigurationOptions.Parse(configuration);
        options.AllowAdmin = true;
        return new RedisLab(await ConnectionMultiplexer.ConnectAsync(options), configuration);
    }

    /// <summary>A store over the connection of the lab.</summary>
    public RedisSessionStore Store(SessionStoreOptions? options = null, Action<RedisSessionStoreOptions>? configure = null) =>
        Kept(new RedisSessionStore(Connection, options, Redis(configure)));

    /// <summary>A store that connects by itself.</summary>
    public RedisSessionStore Store(string configuration, SessionStoreOptions? options = null, Action<RedisSessionStoreOptions>? configure = null)
    {
        var redis = Redis(configure);
        redis.Configuration = configuration;
        return Kept(new RedisSessionStore(redis, options));
    }

    /// <summary>The key of a session's list of frames, whatever token it has; that of no list where there is no session.</summary>
    public async Task<RedisKey> ListKeyAsync(SessionId id) => Partition.Frames(id, await TokenAsync(id));

    /// <summary>The fencing token that a session's list has.</summary>
    public async Task<string> TokenAsync(SessionId id) =>
        ((string?)await Database.HashGetAsync(Partition.Session(id), "list"))?.Split(' ')[0] ?? FencingToken.None;

    /// <summary>How many times the server has carried out a command, also in scripts.</summary>
    public async Task<long> CallsAsync(string command)
    {
        var info = (await Server.InfoAsync("commandstats")).SelectMany(group => group);
        var stats = info.FirstOrDefault(entry => entry.Key == $"cmdstat_{command}").Value ?? "calls=0,";
        return long.Parse(stats.Split('=', ',')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>The keys under the prefix.</summary>
    public async Task<string[]> KeysAsync()
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var key in Server.KeysAsync(pattern: $"*{Prefix}*", pageSize: 5000))
        {
            keys.Add(key.ToString());
        }

        return [.. keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The keys under the prefix with all that is in them, a line each, and whether they have a time to live.</summary>
    public async Task<string[]> DumpAsync()
    {
        var lines = new List<string>();
        foreach (var key in await KeysAsync())
        {
            var mortal = await Database.KeyTimeToLiveAsync(key) is not null;
            lines.Add($"{key} {(mortal ? "mortal" : "lasting")} {await ContentAsync(key)}");
        }

        return [.. lines];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        if (_connection.IsConnected && !Server.IsReplica)
        {
            await Database.KeyDeleteAsync([.. (await KeysAsync()).Select(key => (RedisKey)key)]);
        }

        await _connection.DisposeAsync();
    }

    private RedisSessionStoreOptions Redis(Action<RedisSessionStoreOptions>? configure)
    {
        var redis = new RedisSessionStoreOptions { KeyPrefix = Prefix };
        configure?.Invoke(redis);
        return redis;
    }

    private RedisSessionStore Kept(RedisSessionStore store)
    {
        _stores.Add(store);
        return store;
    }

    private async Task<string> ContentAsync(RedisKey key) => await Database.KeyTypeAsync(key) switch
    {
        RedisType.String => "string " + Text(await Database.StringGetAsync(key)),
        RedisType.List => "list " + string.Join(' ', (await Database.ListRangeAsync(key)).Select(Text)),
        RedisType.Set => "set " + string.Join(' ', (await Database.SetMembersAsync(key)).Select(Text).Order(StringComparer.Ordinal)),
        RedisType.SortedSet => "zset " + string.Join(' ', (await Database.SortedSetRangeByRankWithScoresAsync(key)).Select(entry => $"{entry.Score:0}={Text(entry.Element)}")),
        RedisType.Hash => "hash " + string.Join(' ', (await Database.HashGetAllAsync(key)).Select(entry => $"{entry.Name}={Text(entry.Value)}").Order(StringComparer.Ordinal)),
        var other => other.ToString(),
    };

    /// <summary>The value where it is readable, its bytes where it is not.</summary>
    private static string Text(RedisValue value)
    {
        byte[] bytes = value!;
        return bytes.All(octet => octet is >= 0x20 and < 0x7F) ? value.ToString() : Convert.ToHexString(bytes);
    }
}
