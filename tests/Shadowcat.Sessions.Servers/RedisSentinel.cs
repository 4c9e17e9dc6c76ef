using System.Globalization;

namespace Shadowcat.Sessions.Servers;

/// <summary>A primary with two replicas, and three sentinels that watch them. A primary that no replica follows any more takes no writes.</summary>
public sealed class RedisSentinel : IAsyncDisposable
{
    private const string Service = "shadowcat";
    private const int Replicas = 2;
    private const int Watchers = 3;
    private const int Quorum = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<RedisProcess> _servers = [];
    private readonly List<RedisProcess> _sentinels = [];

    private RedisSentinel()
    {
    }

    /// <summary>How long a primary has to be silent until it is replaced.</summary>
    public static TimeSpan DownAfter { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The primary and its replicas, whichever is which at the moment.</summary>
    public IReadOnlyList<RedisProcess> Servers => _servers;

    public IReadOnlyList<RedisProcess> Sentinels => _sentinels;

    /// <summary>What to give StackExchange.Redis.</summary>
    public string Configuration => $"{string.Join(',', _sentinels.Select(sentinel => sentinel.Endpoint))},serviceName={Service}";

    /// <summary>Starts servers and sentinels and waits until they know each other.</summary>
    /// <param name="arguments">What each server's command line has in addition.</param>
    public static Task<RedisSentinel> StartAsync(params string[] arguments) => StartAsync(tls: null, password: null, arguments);

    /// <summary>Starts servers and sentinels and waits until they know each other.</summary>
    /// <param name="tls">What all of them speak TLS by; null where they do not.</param>
    /// <param name="password">What all of them ask for, also from one another; null for nothing.</param>
    /// <param name="arguments">What each server's command line has in addition.</param>
    public static async Task<RedisSentinel> StartAsync(ServerTls? tls, string? password, params string[] arguments)
    {
        var sentinel = new RedisSentinel();
        try
        {
            await sentinel.CreateAsync(tls, password, arguments);
            return sentinel;
        }
        catch
        {
            await sentinel.DisposeAsync();
            throw;
        }
    }

    /// <summary>The primary as the sentinels say.</summary>
    public async Task<RedisProcess> PrimaryAsync()
    {
        var address = await _sentinels[0].CommandAsync("SENTINEL", "GET-MASTER-ADDR-BY-NAME", Service);
        var port = int.Parse(address.Split('\n')[1], CultureInfo.InvariantCulture);
        return _servers.First(server => server.Port == port);
    }

    /// <summary>Orders the sentinels to replace the primary.</summary>
    public Task OrderFailoverAsync() => _sentinels[0].CommandAsync("SENTINEL", "FAILOVER", Service);

    /// <summary>Waits until another server is the primary, says so itself, and takes writes.</summary>
    /// <param name="former">The one that was.</param>
    public Task WaitUntilReplacedAsync(RedisProcess former) => Poll.UntilAsync(
        async () => await PrimaryAsync() is var primary && primary != former
            && (await primary.CommandAsync("INFO", "replication")) is var replication
            && replication.Contains("role:master", StringComparison.Ordinal) && !replication.Contains("min_slaves_good_slaves:0", StringComparison.Ordinal),
        "the sentinels have replaced the primary",
        Patience);

    /// <summary>Waits until the failover is over for every sentinel.</summary>
    /// <param name="former">The primary that was replaced.</param>
    /// <remarks>Only then may the former primary return: a sentinel that still takes it for the primary makes the new one its replica, and all that was written since is gone.</remarks>
    public Task WaitUntilForgottenAsync(RedisProcess former) => Poll.UntilAsync(
        async () =>
        {
            var port = former.Port.ToString(CultureInfo.InvariantCulture);
            foreach (var sentinel in _sentinels)
            {
                if (Value(await MasterAsync(sentinel), "port") == port)
                {
                    return false;
                }
            }

            return true;
        },
        "every sentinel follows another primary",
        Patience);

    /// <summary>Waits until the replicas have all that the primary wrote.</summary>
    public async Task WaitUntilReplicatedAsync() => await (await PrimaryAsync()).WaitUntilReplicatedAsync(Replicas);

    /// <summary>Waits until the primary has its replicas and every sentinel knows all of them, and the other sentinels.</summary>
    public Task WaitUntilWholeAsync() => Poll.UntilAsync(
        async () =>
        {
            foreach (var sentinel in _sentinels)
            {
                var fields = await MasterAsync(sentinel);
                if (Value(fields, "flags") is not "master" || Value(fields, "num-other-sentinels") is not "2" || Value(fields, "num-slaves") is not "2")
                {
                    return false;
                }
            }

            return (await (await PrimaryAsync()).CommandAsync("INFO", "replication")).Split("state=online").Length == Replicas + 1;
        },
        "the sentinels see a whole service",
        Patience);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _sentinels.Concat(_servers))
        {
            await process.DisposeAsync();
        }
    }

    private static async Task<string[]> MasterAsync(RedisProcess sentinel) =>
        (await sentinel.CommandAsync("SENTINEL", "MASTER", Service)).Split('\n', StringSplitOptions.TrimEntries);

    private static string Value(string[] fields, string name) => fields[Array.IndexOf(fields, name) + 1];

    private async Task CreateAsync(ServerTls? tls, string? password, string[] arguments)
    {
        string[] credentials = password is null ? [] : ["--requirepass", password, "--masterauth", password];
        arguments = ["--repl-diskless-sync-delay", "0", "--min-replicas-to-write", "1", .. credentials, .. arguments];
        _servers.Add(await RedisProcess.LaunchAsync(tls, arguments));
        var primary = _servers[0].Port.ToString(CultureInfo.InvariantCulture);
        for (var replica = 0; replica < Replicas; replica++)
        {
            _servers.Add(await RedisProcess.LaunchAsync(tls, ["--replicaof", "127.0.0.1", primary, .. arguments]));
        }

        for (var watcher = 0; watcher < Watchers; watcher++)
        {
            var sentinel = await RedisProcess.LaunchAsync(tls, ["--sentinel", .. password is null ? (string[])[] : ["--requirepass", password]]);
            _sentinels.Add(sentinel);
            await sentinel.CommandAsync("SENTINEL", "MONITOR", Service, "127.0.0.1", primary, Quorum.ToString(CultureInfo.InvariantCulture));
            await sentinel.CommandAsync("SENTINEL", "SET", Service, "down-after-milliseconds", DownAfter.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
            await sentinel.CommandAsync("SENTINEL", "SET", Service, "failover-timeout", "3000");
            if (password is not null)
            {
                await sentinel.CommandAsync("SENTINEL", "SET", Service, "auth-pass", password);
            }
        }

        await WaitUntilWholeAsync();
    }
}
