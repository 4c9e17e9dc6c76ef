using System.Globalization;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What a server of whichever version refuses for a while is reported as what it is, leaves nothing, and a buffer keeps it until the server takes it.</summary>
public sealed class RefusedWriteTests
{
    private const int Frames = 5;

    /// <summary>What keeps a server from writing, and what lets it write again.</summary>
    private static readonly Dictionary<string, (string[] Begin, string[] End)> Reasons = new(StringComparer.Ordinal)
    {
        ["full"] = (["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"]),
        ["read-only"] = (["REPLICAOF", "127.0.0.1", "1"], ["REPLICAOF", "NO", "ONE"]),
        ["under-replicated"] = (["CONFIG", "SET", "min-replicas-to-write", "1"], ["CONFIG", "SET", "min-replicas-to-write", "0"]),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("full")]
    [InlineData("read-only")]
    [InlineData("under-replicated")]
    public async Task FirstAppend_Refused_IsToldAsThatAndLeavesNothing(string reason)
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var store = lab.Store(server.Configuration, configure: redis => redis.OperationTimeout = TimeSpan.FromSeconds(2));
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        if (!await BeginAsync(lab, reason))
        {
            return;
        }

        var exception = await Assert.ThrowsAnyAsync<SessionStoreException>(() => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());

        await EndAsync(lab, reason);
        Assert.True(
            reason == "full" ? exception is SessionLimitExceededException { Limit: "maxmemory" } : exception is SessionStoreUnavailableException { OutcomeUnknown: false },
            $"{exception}");
        await Poll.UntilAsync(async () => await TryAddAsync(store, Make.Frame(session.Id)), "the server takes it");
        Assert.Equal(1, await store.CountFramesAsync(session.Id, Ct));
    }

    [Theory]
    [InlineData("full")]
    [InlineData("read-only")]
    [InlineData("under-replicated")]
    public async Task Buffer_FirstAppendsRefused_StoresAllItAccepted(string reason)
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var inner = lab.Store(server.Configuration, configure: redis => redis.OperationTimeout = TimeSpan.FromSeconds(2));
        await using var store = new BufferedSessionStore(inner);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        if (!await BeginAsync(lab, reason))
        {
            return;
        }

        // Each completes once it is stored.
        var adding = Enumerable.Range(0, Frames).Select(i => store.AddFrameAsync(Make.Frame(session.Id, i), Ct).AsTask()).ToList();
        await Poll.UntilAsync(() => Task.FromResult(store.Status.State == SessionBufferState.Outage), "the buffer has noticed");
        await EndAsync(lab, reason);
        Assert.Equal(Enumerable.Range(0, Frames).Select(static i => (long)i), await Task.WhenAll(adding).WaitAsync(TimeSpan.FromSeconds(30), Ct));
        Make.AssertNumbered(await inner.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, Frames);
    }

    /// <returns>False where this version does not refuse scripts for that reason: there is nothing to be refused then, which is looked at here.</returns>
    private static async Task<bool> BeginAsync(RedisLab lab, string reason)
    {
        await lab.Server.ExecuteAsync(Reasons[reason].Begin[0], [.. Reasons[reason].Begin[1..]]);
        if (reason != "under-replicated" || lab.Server.Version >= new Version(7, 0))
        {
            return true;
        }

        // Redis 6 asks for replicas only outside of scripts.
        Assert.Equal("written", (string?)await lab.Database.ScriptEvaluateAsync("redis.call('SET', KEYS[1], 'x', 'PX', 1) return 'written'", [lab.Partition.Probe]));
        await EndAsync(lab, reason);
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"Redis {lab.Server.Version} does not refuse scripts where replicas are missing."));
        return false;
    }

    private static Task<RedisResult> EndAsync(RedisLab lab, string reason) => lab.Server.ExecuteAsync(Reasons[reason].End[0], [.. Reasons[reason].End[1..]]);

    private static async Task<bool> TryAddAsync(RedisSessionStore store, MessageEnvelope frame)
    {
        try
        {
            await store.AddFrameAsync(frame, Ct);
            return true;
        }
        catch (SessionStoreUnavailableException)
        {
            return false;
        }
    }
}
