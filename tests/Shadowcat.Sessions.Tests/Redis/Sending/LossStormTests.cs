using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Of every ten writes, three lose their answer with the connection. What was acknowledged is stored once, in its writer's order, and nothing twice.</summary>
public sealed class LossStormTests
{
    private const int Writers = 8;
    private const int Sessions = 3;
    private const int Appends = 150;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Append_ThirtyPercentOfTheRepliesLost_KeepsWhatItAcknowledgedOnce(bool andTheServerIsRestartedAndItsScriptsAreFlushed)
    {
        await using var server = await RedisServer.StartDedicatedAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        using var proxy = new LossyProxy(server.Configuration.Split(',')[0]);

        // Without a circuit that opens: writers who are refused at once would be through before the server is back.
        var store = lab.Store(proxy.Configuration, configure: redis => redis.BreakerEnabled = false);
        var sessions = await Task.WhenAll(Make.Sessions(Sessions).Select(session => store.CreateSessionAsync(session, Ct).AsTask()));
        var acknowledged = new ConcurrentDictionary<(SessionId Session, string Payload), long>();
        var done = 0;
        proxy.LossRate = 0.3;

        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < Appends; i++)
            {
                var id = sessions[i % Sessions].Id;
                try
                {
                    var frames = Enumerable.Range(0, 1 + (i % 2)).Select(part => Frame(id, writer, i, part)).ToList();
                    var sequence = await store.AddFramesAsync(id, frames, Ct);
                    for (var part = 0; part < frames.Count; part++)
                    {
                        acknowledged[(id, Text(frames[part]))] = sequence + part;
                    }
                }
                catch (SessionStoreException)
                {
                    // Whether it was carried out may be unknown: it is there once, or not at all.
                }

                Interlocked.Increment(ref done);
            }
        })));

        if (andTheServerIsRestartedAndItsScriptsAreFlushed)
        {
            for (var round = 1; round <= 3; round++)
            {
                await Poll.UntilAsync(() => Task.FromResult(Volatile.Read(ref done) > Writers * Appends * round / 5), "some were appended");
                await lab.Server.ScriptFlushAsync();
                await server.StopAsync();
                await server.StartAsync();
            }
        }

        await writing;
        proxy.LossRate = 0;
        Assert.True(proxy.Lost > 20, $"Only {proxy.Lost} replies were lost.");
        Assert.True(acknowledged.Count > Writers * Appends / 2, $"Only {acknowledged.Count} frames were acknowledged.");
        foreach (var session in sessions)
        {
            var stored = await lab.Store().GetFramesAsync(session.Id, cancellationToken: Ct).Select(Text).ToListAsync(Ct);
            Assert.Equal(stored.Count, stored.Distinct().Count());
            Assert.All(acknowledged.Where(entry => entry.Key.Session == session.Id), entry => Assert.Equal(entry.Key.Payload, stored[(int)entry.Value]));
            for (var writer = 0; writer < Writers; writer++)
            {
                var own = stored.Where(payload => payload.Contains($"\"w{writer}/", StringComparison.Ordinal)).Select(Number).ToList();
                Assert.Equal(own.Order(), own);
            }
        }
    }

    private static MessageEnvelope Frame(SessionId id, int writer, int number, int part) => new(
        id,
        MessageDirection.Internal,
        TransportType.Stdio,
        Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","method":"w{{writer}}/{{(number * 10) + part}}"}"""),
        DateTimeOffset.UnixEpoch);

    private static string Text(MessageEnvelope frame) => Encoding.UTF8.GetString(frame.Payload.Span);

    private static int Number(string payload) => int.Parse(payload.Split('/')[1].TrimEnd('"', '}'), CultureInfo.InvariantCulture);
}
