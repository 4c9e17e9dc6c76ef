using System.Text.Json;
using System.Text.Json.Nodes;
using Shadowcat.Sessions.Chaos.Checking;
using Shadowcat.Sessions.Redis;
using Shadowcat.Sessions.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Chaos.Soak;

/// <summary>Many sessions that come, are written to and expire, for a long time: the memory of the process stays, and on the server nothing does.</summary>
internal sealed class SoakRun(SoakOptions options)
{
    private const int Samples = 60;

    private static readonly TimeSpan LongestExpiry = TimeSpan.FromSeconds(60);

    private readonly byte[] _payload = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["jsonrpc"] = "2.0",
        ["method"] = "notifications/message",
        ["params"] = new JsonObject { ["data"] = new string('x', 150) },
    });
    private readonly SessionId[] _sessions = new SessionId[options.Sessions];
    private readonly Findings _findings = new();
    private long _appended;
    private long _created;

    public static async Task<SoakResult> RunAsync(SoakOptions options, CancellationToken cancellationToken)
    {
        await using var server = await RedisProcess.LaunchAsync();
        await using var store = new RedisSessionStore(
            new RedisSessionStoreOptions { Configuration = server.Endpoint, KeyPrefix = ScenarioRun.Prefix }, new SessionStoreOptions { TimeToLive = options.TimeToLive });
        return await new SoakRun(options).RunAsync(server, store, cancellationToken);
    }

    private async Task<SoakResult> RunAsync(RedisProcess server, RedisSessionStore store, CancellationToken cancellationToken)
    {
        await Parallel.ForAsync(0, options.Sessions, cancellationToken, async (slot, _) => await RenewAsync(store, slot));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var begun = Clock.Now;
        var working = Task.WhenAll(
            [.. Enumerable.Range(0, options.Writers).Select(writer => Task.Run(() => WriteAsync(store, writer, stopping.Token), CancellationToken.None)), ReapAsync(store, stopping.Token)]);
        await Task.Delay(options.WarmUp, cancellationToken);
        var samples = new List<MemorySample>();
        while (Clock.Now - begun < options.WarmUp + options.Duration)
        {
            samples.Add(MemorySample.Take());
            await Task.Delay(options.Duration / Samples, cancellationToken);
        }

        await stopping.CancelAsync();
        await working;
        var elapsed = Clock.Now - begun;
        var keys = await ExpireAsync(server, store);
        var result = SoakResult.Of(elapsed, Interlocked.Read(ref _appended), Interlocked.Read(ref _created), keys, samples);
        Judge("managed heap", result.Heap);
        Judge("working set", result.WorkingSet);
        return result with { Descriptions = [.. _findings.Descriptions] };
    }

    private async Task WriteAsync(RedisSessionStore store, int writer, CancellationToken stopping)
    {
        // Each writer has its own slots, so that it knows how many frames each of its sessions has.
        var slots = Enumerable.Range(0, options.Sessions).Where(slot => slot % options.Writers == writer).ToArray();
        var counts = new Dictionary<int, int>();
        while (!stopping.IsCancellationRequested)
        {
            var slot = slots[Random.Shared.Next(slots.Length)];
            try
            {
                var expected = counts.GetValueOrDefault(slot);
                var sequence = await store.AddFrameAsync(
                    new MessageEnvelope(_sessions[slot], MessageDirection.ServerToClient, TransportType.StreamableHttp, _payload, DateTimeOffset.UtcNow), CancellationToken.None);
                if (sequence != expected)
                {
                    _findings.Add(Breach.Misplaced, $"frame {expected} of a session was stored as frame {sequence}.");
                }

                Interlocked.Increment(ref _appended);
                counts[slot] = expected + 1;
                if (expected + 1 == options.FramesEach)
                {
                    await RenewAsync(store, slot);
                    counts.Remove(slot);
                }
            }
            catch (SessionStoreException exception)
            {
                _findings.Add(Breach.Error, exception.Message);
                await RenewAsync(store, slot);
                counts.Remove(slot);
            }
        }
    }

    /// <summary>Lets another session take a place; the one that was there is left to expire.</summary>
    private async Task RenewAsync(RedisSessionStore store, int slot)
    {
        var session = await store.CreateSessionAsync(new Session(SessionId.New(), TransportType.StreamableHttp));
        _sessions[slot] = session.Id;
        Interlocked.Increment(ref _created);
    }

    /// <summary>Does what a host does.</summary>
    private static async Task ReapAsync(RedisSessionStore store, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await store.ReapExpiredSessionsAsync(CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(1), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits until every session has expired, and looks what is left.</summary>
    private async Task<long> ExpireAsync(RedisProcess server, RedisSessionStore store)
    {
        await Poll.UntilAsync(
            async () =>
            {
                await store.ReapExpiredSessionsAsync();
                return await store.CountSessionsAsync() == 0;
            },
            "every session has expired",
            options.TimeToLive + LongestExpiry);
        await using var direct = await ConnectionMultiplexer.ConnectAsync(server.Endpoint);
        await new KeyAudit(direct, ScenarioRun.Prefix, _findings).CheckEmptyAsync();
        return await direct.GetServers()[0].DatabaseSizeAsync();
    }

    private void Judge(string what, SoakMemory memory)
    {
        if (memory.Growth > options.Growth)
        {
            _findings.Add(Breach.Growth, $"the {what} grew by {memory.Growth:P1}, from {memory.Early:N1} to {memory.Late:N1} MiB.");
        }
    }
}
