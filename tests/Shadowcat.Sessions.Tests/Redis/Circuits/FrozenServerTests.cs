using System.Collections.Concurrent;
using System.Text;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A server that stands still for longer than callers wait, and then carries out what it was sent.</summary>
public sealed class FrozenServerTests
{
    private const int Writers = 8;
    private const int Appends = 400;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_ServerFrozenAndDisconnectingMeanwhile_KeepsWhatItAcknowledgedOnce()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var timeout = TimeSpan.FromMilliseconds(250);
        var store = lab.Store(server.Configuration, configure: redis => (redis.OperationTimeout, redis.BreakerEnabled) = (timeout, false));
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        var acknowledged = new ConcurrentDictionary<string, long>();
        var failed = 0;
        var done = 0;

        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < Appends; i++)
            {
                var payload = $$"""{"jsonrpc":"2.0","method":"w{{writer}}/{{i}}"}""";
                try
                {
                    acknowledged[payload] = await store.AddFrameAsync(
                        new MessageEnvelope(session.Id, MessageDirection.Internal, TransportType.Stdio, Encoding.UTF8.GetBytes(payload), DateTimeOffset.UnixEpoch), Ct);
                }
                catch (SessionStoreException)
                {
                    Interlocked.Increment(ref failed);
                }

                Interlocked.Increment(ref done);
            }
        }));

        for (var freeze = 1; freeze <= 3; freeze++)
        {
            var failures = Volatile.Read(ref failed);
            await server.PauseAsync();
            await Poll.UntilAsync(() => Task.FromResult(Volatile.Read(ref failed) > failures || Volatile.Read(ref done) == Writers * Appends), "a caller has waited too long");
            await server.ContinueAsync();
            await lab.Server.ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            var carriedOn = acknowledged.Count;
            await Poll.UntilAsync(() => Task.FromResult(acknowledged.Count > carriedOn || Volatile.Read(ref done) == Writers * Appends), "appends succeed again");
        }

        await writing;
        Assert.InRange(failed, 1, Writers * Appends);
        var stored = await lab.Store().GetFramesAsync(session.Id, cancellationToken: Ct).Select(frame => Encoding.UTF8.GetString(frame.Payload.Span)).ToListAsync(Ct);
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.All(acknowledged, entry => Assert.Equal(entry.Key, stored[(int)entry.Value]));
        for (var writer = 0; writer < Writers; writer++)
        {
            var own = stored.Where(payload => payload.Contains($"\"w{writer}/", StringComparison.Ordinal)).Select(payload => int.Parse(payload.Split('/')[1].TrimEnd('"', '}'), System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(own.Order(), own);
        }
    }
}
