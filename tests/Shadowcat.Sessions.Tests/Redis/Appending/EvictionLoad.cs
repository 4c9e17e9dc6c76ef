using System.Diagnostics;
using System.Text;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Callers that create sessions, append to them by two stores in turn and read them, until the server has evicted enough of them; and whether each learned of it.</summary>
/// <param name="writers">The stores that append.</param>
/// <param name="reader">The store that reads, follows and reaps.</param>
internal sealed class EvictionLoad(RedisSessionStore[] writers, RedisSessionStore reader)
{
    private const int Callers = 8;
    private const int SessionsOfACaller = 500;
    private const int FramesOfAnAppend = 4;

    /// <summary>How often each kind of loss has to be seen.</summary>
    private const int Enough = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly string Padding = new('x', 150);

    private readonly long _begun = Stopwatch.GetTimestamp();
    private int _number;
    private int _lostLists;
    private int _lostSessions;
    private int _lossesRead;

    /// <summary>How often an appender learned that frames are gone.</summary>
    public int LostLists => Volatile.Read(ref _lostLists);

    /// <summary>How often an appender learned that the session is gone.</summary>
    public int LostSessions => Volatile.Read(ref _lostSessions);

    /// <summary>How often a reader learned of either.</summary>
    public int LossesRead => Volatile.Read(ref _lossesRead);

    private bool IsOver => (LostLists >= Enough && LostSessions >= Enough && LossesRead >= Enough) || Stopwatch.GetElapsedTime(_begun) > Longest;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Runs it to its end.</summary>
    public async Task RunAsync()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var reaping = ReapAsync(stopping.Token);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => WorkAsync(new Random(caller)), Ct)));
        await stopping.CancelAsync();
        await reaping;
    }

    private async Task ReapAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await reader.ReapExpiredSessionsAsync(Ct);
            await Task.Delay(100, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WorkAsync(Random random)
    {
        var sessions = new List<EvictableSession>();
        var followed = await CreateAsync(SessionId.New());
        var follower = new EvictionFollower(reader, followed.Id);
        await using (follower)
        {
            while (!IsOver)
            {
                if (sessions.Count < SessionsOfACaller)
                {
                    sessions.Add(await CreateAsync(SessionId.New()));
                }

                await AppendAsync(sessions[^1], random);
                await AppendAsync(sessions[random.Next(sessions.Count)], random);
                await ReadAsync(sessions[random.Next(sessions.Count)]);
                if (!follower.HasEnded)
                {
                    await AppendAsync(followed, random, follower);
                }
            }

            if (!follower.HasEnded)
            {
                await follower.AssertCaughtUpAsync(followed);
            }
        }

        foreach (var session in sessions)
        {
            await ReadAsync(session);
        }
    }

    private async Task<EvictableSession> CreateAsync(SessionId id)
    {
        await writers[0].CreateSessionAsync(new Session(id, TransportType.Stdio), Ct);
        return new EvictableSession(id);
    }

    private async Task AppendAsync(EvictableSession session, Random random, EvictionFollower? follower = null)
    {
        var count = random.Next(1, FramesOfAnAppend + 1);
        var number = Interlocked.Add(ref _number, count) - count;
        try
        {
            var sequence = await writers[random.Next(writers.Length)].AddFramesAsync(session.Id, [.. Enumerable.Range(number, count).Select(each => Frame(session.Id, each))], Ct);
            session.NoteAppended(sequence, number, count);
        }
        catch (FramesLostException exception)
        {
            Interlocked.Increment(ref _lostLists);
            session.NoteLoss(exception);
        }
        catch (SessionNotFoundException)
        {
            // The id is used again, and one of the writers still knows the session that it had.
            Interlocked.Increment(ref _lostSessions);
            Assert.Null(await reader.GetSessionAsync(session.Id, Ct));
            if (follower is not null)
            {
                await follower.AssertToldAsync(session);
            }

            session.Restart();
            await CreateAsync(session.Id);
        }
    }

    private async Task ReadAsync(EvictableSession session)
    {
        try
        {
            session.AssertRead(await reader.GetFramesAsync(session.Id, FrameRange.From(session.First), Ct).ToListAsync(Ct));
        }
        catch (Exception exception) when (exception is FramesTrimmedException or FramesLostException or SessionNotFoundException)
        {
            Interlocked.Increment(ref _lossesRead);
        }
    }

    private static MessageEnvelope Frame(SessionId id, int number) =>
        Make.Frame(id, Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","params":"{{Padding}}","method":"n/{{number}}"}"""));
}
