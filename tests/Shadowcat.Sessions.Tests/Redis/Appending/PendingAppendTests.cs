using System.Runtime.CompilerServices;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>An append that is used again gives each caller the sequence of its own frames, and keeps their bytes as long as anything may send them.</summary>
public sealed class PendingAppendTests(RedisFixture redis) : SharedServerTest(redis)
{
    [Fact]
    public async Task EndIfOverdue_CompletedBefore_DoesNothing()
    {
        var append = new PendingAppend(await QueueAsync());
        var task = Begin(append, number: 1, out _);
        append.TryComplete(7, here: true);

        Assert.False(append.EndIfOverdue(long.MaxValue));
        append.Release();
        Assert.Equal(7, await task);

        // Nor where it has gone back to the pool: whoever looks for those whose time is up may still come by.
        Assert.False(append.EndIfOverdue(long.MaxValue));
        var next = Begin(append, number: 2, out _);
        Assert.False(append.EndIfOverdue(append.Deadline - 1));
        append.TryComplete(8, here: true);
        append.Release();
        Assert.Equal(8, await next);
    }

    [Fact]
    public async Task EndIfOverdue_TimeIsUp_TellsTheCallerAndALaterAnswerReachesNobody()
    {
        var append = new PendingAppend(await QueueAsync());
        var task = Begin(append, number: 1, out var id);

        Assert.True(append.EndIfOverdue(append.Deadline));
        Assert.False(append.EndIfOverdue(append.Deadline));
        Assert.False(append.TryComplete(7));
        append.Release();

        var exception = await Assert.ThrowsAsync<SessionTimeoutException>(async () => await task);
        Assert.Equal((Operations.AddFrame, id), (exception.Operation, exception.SessionId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Release_BothHolders_LetsOthersUseTheBufferOnlyWhereNothingMaySendItAnyMore(bool isSettled)
    {
        var append = new PendingAppend(await QueueAsync());
        var task = Begin(append, number: 1, out _);
        var sent = (ReadOnlyMemory<byte>)append[0].Value;
        var before = sent.ToArray();
        if (isSettled)
        {
            append.Settle();
        }

        append.TryComplete(1, here: true);
        append.Release();
        Fill();
        Assert.Equal(before, sent.ToArray()); // the caller still holds it

        await task;
        Fill();
        Assert.Equal(isSettled, !before.AsSpan().SequenceEqual(sent.Span));

        // As large as the frame, so they are of the same buffers, and other ones than it.
        static void Fill() => _ = Enumerable.Range(0, 8).Select(static i => EncodedFrame.Of(Make.Frame(SessionId.New(), 9))).ToList();
    }

    [Fact]
    public async Task Append_CancelledAtTheMomentOfCompletion_EachSequenceIsOfItsOwnFrame()
    {
        const int Callers = 8;
        const int Rounds = 250;
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        var sequences = new long?[Callers * Rounds];

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    var number = (caller * Rounds) + round;
                    using var cancelling = new CancellationTokenSource();
                    var append = store.AddFrameAsync(Make.Frame(session.Id, number), cancelling.Token).AsTask();

                    // What is asked at the same time is answered at about the same time.
                    var asked = store.CountFramesAsync(session.Id, Ct).AsTask();
                    var cancels = (number % 4) switch
                    {
                        0 => Task.Run(cancelling.Cancel, Ct),
                        2 => asked.ContinueWith(_ => cancelling.Cancel(), TaskScheduler.Default),
                        _ => asked,
                    };
                    try
                    {
                        sequences[number] = await append;
                    }
                    catch (OperationCanceledException exception)
                    {
                        Assert.Equal(cancelling.Token, exception.CancellationToken);
                    }

                    await Task.WhenAll(asked, cancels);
                }
            },
            Ct)));

        var stored = await store.GetFramesAsync(session.Id, cancellationToken: Ct).Select(static frame => Make.Number(frame)).ToListAsync(Ct);
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.All(Enumerable.Range(0, sequences.Length), number => Assert.True(sequences[number] is not { } sequence || stored[(int)sequence] == number));
        Assert.All(Enumerable.Range(0, sequences.Length).Where(static number => number % 2 == 1), number => Assert.NotNull(sequences[number]));
        Assert.Contains(null, sequences);
    }

    private static ValueTask<long> Begin(PendingAppend append, int number, out SessionId id)
    {
        id = SessionId.New();
        append.Begin(new RedisCall(Operations.AddFrame, id, Poll.DefaultDeadline, Deadline: 1_000), EncodedFrame.Of(Make.Frame(id, number)));
        return append.WaitAsync(Ct);
    }

    private async Task<AppendQueue> QueueAsync()
    {
        var call = new RedisCall(Operations.AddFrame, SessionId.New(), Poll.DefaultDeadline, TimeProvider.System.GetTimestamp() + (TimeProvider.System.TimestampFrequency * 60));
        return await AppendsOf(Lab.Store()).GetAsync(call, Ct);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_appends")]
    private static extern ref AppendQueues AppendsOf(RedisSessionStore store);
}
