using System.Globalization;
using System.Security.Cryptography;
using Shadowcat.Sessions.Benchmarks.Measuring;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>What a row works with: the server, a store and a plain connection to it, each with one connection of its own, and what rows share.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private const int RemovedAtOnce = 1000;

    private readonly Dictionary<string, object> _shared = [];
    private readonly ConnectionMultiplexer _connection;

    private Bench(string endpoint, Pace pace, ConnectionMultiplexer connection)
    {
        Endpoint = endpoint;
        Pace = pace;
        _connection = connection;
        Store = NewStore();
    }

    public string Endpoint { get; }

    public Pace Pace { get; }

    /// <summary>What every key of this run begins with, behind a brace or not.</summary>
    public string Prefix { get; } = "bench-" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    /// <summary>Our side, with the options as they are by default.</summary>
    public RedisSessionStore Store { get; }

    /// <summary>The reference's side: StackExchange.Redis as it is by default, but for INFO.</summary>
    public IConnectionMultiplexer Connection => _connection;

    public IDatabase Database => _connection.GetDatabase();

    /// <summary>The keys of our side.</summary>
    public RedisPartition Partition => new(0, Prefix);

    /// <summary>The key of a session's list of frames, whatever token it has.</summary>
    public RedisKey ListKeyOf(SessionId id) =>
        Partition.Frames(id, Connection.GetDatabase().HashGet(Partition.Session(id), "list").ToString().Split(' ')[0]);

    public IServer Server => _connection.GetServers()[0];

    /// <summary>The server's socket file, where there is one.</summary>
    public string? Socket { get; init; }

    public static async Task<Bench> ConnectAsync(string endpoint, Pace pace, string? socket = null)
    {
        var configuration = ConfigurationOptions.Parse(endpoint);
        configuration.AllowAdmin = true; // INFO counts as such
        return new Bench(endpoint, pace, await ConnectionMultiplexer.ConnectAsync(configuration)) { Socket = socket };
    }

    /// <summary>The same server over its socket.</summary>
    public Task<Bench> ConnectToSocketAsync(string socket) => ConnectAsync("!" + socket, Pace);

    public RedisSessionStore NewStore(int connections = 1) =>
        new(new RedisSessionStoreOptions { Configuration = Endpoint, KeyPrefix = Prefix, Partitions = 1, ConnectionCount = connections });

    /// <summary>A key of the reference's.</summary>
    public string Key(string name) => $"{Prefix}:reference:{name}";

    /// <summary>Measures once what several rows report on.</summary>
    public async Task<T> OnceAsync<T>(string name, Func<Task<T>> measure)
        where T : notnull
    {
        if (!_shared.TryGetValue(name, out var value))
        {
            _shared[name] = value = await measure();
        }

        return (T)value;
    }

    /// <summary>Removes keys, and waits until the server has given their memory back: it does so in the background, on a core that the next round needs.</summary>
    public async Task RemoveAsync(IEnumerable<RedisKey> keys)
    {
        foreach (var chunk in keys.Chunk(RemovedAtOnce))
        {
            await Database.KeyDeleteAsync(chunk);
        }

        await SettleAsync();
    }

    public async Task SettleAsync()
    {
        while (await InfoAsync("lazyfree_pending_objects") > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    /// <summary>A number of the server's INFO on memory; 0 where the server does not report it.</summary>
    public async Task<long> InfoAsync(string name)
    {
        var info = await Server.InfoAsync("memory");
        return long.TryParse(info.SelectMany(group => group).FirstOrDefault(entry => entry.Key == name).Value, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    /// <summary>The memory of all keys, in bytes. Without the buffers of connections, which grow and shrink with what was just sent.</summary>
    public async Task<long> UsedMemoryAsync()
    {
        await SettleAsync();
        return await InfoAsync("used_memory") - await InfoAsync("mem_clients_normal");
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        var keys = new List<RedisKey>();
        await foreach (var key in Server.KeysAsync(pattern: $"*{Prefix}*", pageSize: RemovedAtOnce))
        {
            keys.Add(key);
        }

        await RemoveAsync(keys);
        await _connection.DisposeAsync();
    }
}
