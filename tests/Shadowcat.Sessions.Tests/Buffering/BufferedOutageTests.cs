using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>What becomes of frames and sessions that come while the store is away.</summary>
public sealed class BufferedOutageTests : BufferedStoreTest
{
    [Theory]
    [InlineData(Ailment.Away)]
    [InlineData(Ailment.Silent)]
    [InlineData(Ailment.SilentThoughDone)]
    [InlineData(Ailment.BrokenThoughDone)]
    [InlineData(Ailment.Full)]
    public async Task Frames_GivenDuringAnOutage_AreStoredInOrderAndOnceWhenItIsOver(Ailment ailment)
    {
        const int Given = 603; // one, then 86 times seven
        await Store.AddFrameAsync(Make.Frame(Session.Id), Ct);
        Inner.Ail(ailment);

        var given = new List<Task<long>> { Store.AcceptFrame(Make.Frame(Session.Id, 1)).Stored };
        await OutageAsync();
        for (var number = 2; number < 1 + Given;)
        {
            given.Add(Store.AcceptFrame(Make.Frame(Session.Id, number++)).Stored);
            given.Add(Store.AddFrameAsync(Make.Frame(Session.Id, number++), Ct).AsTask());
            given.Add(Store.AcceptFrames(Session.Id, Make.Frames(Session.Id, 3, number)).Stored);
            given.Add(Store.AddFramesAsync(Session.Id, Make.Frames(Session.Id, 2, number += 3), Ct).AsTask());
            number += 2;
        }

        await TriedAsync();
        var status = Store.Status;
        Assert.All(given, task => Assert.False(task.IsCompleted));
        Assert.Equal((SessionBufferState.Outage, Given, 0), (status.State, status.WaitingFrames, status.WaitingSessions));
        Assert.True(status.WaitingBytes > Given * 30 && status.OutageSince is not null && status.Fault is not null, $"{status}");

        Inner.Ail(Ailment.None);
        var sequences = await Task.WhenAll(given);
        await PassingAsync();
        Make.AssertNumbered(await StoredAsync(), 0, 1 + Given);
        Assert.Equal(sequences.Order(), sequences);
        Assert.Equal(
            new SessionBufferStatus { State = SessionBufferState.Passing, WaitingFrames = 0, WaitingSessions = 0, WaitingBytes = 0, ReplayedFrames = Given, RefusedFrames = 0, LostFrames = 0 },
            Store.Status);
    }

    [Fact]
    public async Task Frames_OfManyWritersWhileTheStoreFailsAtRandom_AreStoredOnceAndInTheirOrder()
    {
        const int Writers = 8, Each = 200;
        var sessions = new List<SessionId> { Session.Id };
        sessions.AddRange((await Task.WhenAll(Make.Sessions(3).Select(session => Store.CreateSessionAsync(session, Ct).AsTask()))).Select(session => session.Id));
        Inner.Ailing = _ => (Ailment)Random.Shared.Next(6);

        var sequences = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var accepted = new List<Task<long>>();
            for (var i = 0; i < Each; i++)
            {
                var frame = Make.Frame(sessions[writer % sessions.Count], (writer * Each) + i);
                var stored = i % 7 == 0 ? Store.AddFrameAsync(frame, Ct).AsTask() : Store.AcceptFrame(frame).Stored;
                accepted.Add(stored);
                if (i % 7 == 0)
                {
                    await stored;
                }
            }

            return await Task.WhenAll(accepted);
        })));

        for (var session = 0; session < sessions.Count; session++)
        {
            var stored = await StoredAsync(sessions[session]);
            Assert.Equal(Writers * Each / sessions.Count, stored.Count);
            Assert.Equal(stored.Count, stored.DistinctBy(Make.Number).Count());
            foreach (var writer in Enumerable.Range(0, Writers).Where(writer => writer % sessions.Count == session))
            {
                Assert.Equal(Enumerable.Range(writer * Each, Each), stored.Where(frame => Make.Number(frame) / Each == writer).Select(Make.Number));
                Assert.Equal(sequences[writer], stored.Where(frame => Make.Number(frame) / Each == writer).Select(frame => frame.Sequence));
            }
        }

        Assert.Equal((0, 0), (Store.Status.LostFrames, Store.Status.RefusedFrames));
    }

    [Theory]
    [InlineData(Ailment.Away)]
    [InlineData(Ailment.Silent)]
    [InlineData(Ailment.SilentThoughDone)]
    public async Task Session_AcceptedDuringAnOutage_IsThereWithItsFramesWhenItIsOver(Ailment ailment)
    {
        Inner.Ail(ailment);
        var session = Make.FullSession();

        var created = Store.AcceptSession(session);
        var frames = Store.AcceptFrames(session.Id, Make.Frames(session.Id, 5));
        var waiting = Store.CreateSessionAsync(Make.Session(), Ct).AsTask();
        await TriedAsync();
        Assert.Equal((2, 5), (Store.Status.WaitingSessions, Store.Status.WaitingFrames));
        Assert.True(Store.Status.WaitingBytes > 100);

        Inner.Ail(Ailment.None);
        Assert.Equal((1, session.Generation, 0), ((await created.Stored).Version, (await created.Stored).Generation, await frames.Stored));
        Assert.Equal(1, (await waiting).Version);
        Make.AssertNumbered(await StoredAsync(session.Id), 0, 5);
        Assert.Equal(session.CloseReason, (await Store.GetSessionAsync(session.Id, Ct))!.CloseReason);
    }

    [Fact]
    public async Task Outage_OfSomeSessions_HoldsUpNoOthers()
    {
        var other = await Store.CreateSessionAsync(Make.Session(), Ct);
        Inner.Ailing = id => id == Session.Id ? Ailment.Away : Ailment.None;
        var held = Store.AcceptFrame(Make.Frame(Session.Id));
        await OutageAsync();

        for (var number = 0; number < 20; number++)
        {
            Assert.Equal(number, await Store.AddFrameAsync(Make.Frame(other.Id, number), Ct));
        }

        Assert.False(held.Stored.IsCompleted);
        Assert.Equal((SessionBufferState.Outage, 1), (Store.Status.State, Store.Status.WaitingFrames));
        Inner.Ail(Ailment.None);
        Assert.Equal(0, await held.Stored);
    }

    [Fact]
    public async Task Outage_FromBeginToEnd_IsLoggedOnceEachAndNamesNoSession()
    {
        Inner.Ail(Ailment.Silent);
        var frames = Enumerable.Range(0, 10).Select(number => Store.AcceptFrame(Make.Frame(Session.Id, number)).Stored).ToList();
        await TriedAsync(30);
        Inner.Ail(Ailment.None);
        await Task.WhenAll(frames);
        await PassingAsync();
        await Poll.UntilAsync(() => Task.FromResult(Log.Entries.Count >= 2), "the end is logged");

        Assert.Equal([(40, LogLevel.Warning), (41, LogLevel.Information)], Log.Entries.Select(entry => (entry.Id.Id, entry.Level)));
        Assert.Contains("Replayed=10", Log.Entries.Last().Text, StringComparison.Ordinal);
        Assert.All(Log.Entries, entry => Assert.DoesNotContain(Session.Id.Value, entry.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Update_DuringAnOutage_FailsAsTheStoreDoes()
    {
        Inner.Ail(Ailment.Away);
        Store.AcceptFrame(Make.Frame(Session.Id));
        await OutageAsync();

        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Store.UpdateSessionAsync(Session.AsClosed(SessionStatus.Completed), Ct).AsTask());
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Store.GetSessionAsync(Session.Id, Ct).AsTask());
    }

    [Fact]
    public async Task AddFrame_CancelledDuringAnOutage_IsNotStoredAndMakesRoom()
    {
        Inner.Ail(Ailment.Away);
        var first = Store.AcceptFrame(Make.Frame(Session.Id));
        await OutageAsync();
        using var cancellation = new CancellationTokenSource();

        var cancelled = Store.AddFrameAsync(Make.Frame(Session.Id, 9), cancellation.Token).AsTask();
        var last = Store.AcceptFrame(Make.Frame(Session.Id, 1));
        Assert.Equal(3, Store.Status.WaitingFrames);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal((2, 0), (Store.Status.WaitingFrames, Store.Status.LostFrames));

        Inner.Ail(Ailment.None);
        Assert.Equal((0, 1), (await first.Stored, await last.Stored));
        Make.AssertNumbered(await StoredAsync(), 0, 2);
    }

    [Fact]
    public async Task AcceptFrame_PayloadChangedAfterwards_StoresWhatWasAccepted()
    {
        Inner.Ail(Ailment.Away);
        var payload = Make.Frame(Session.Id, 5).Payload.ToArray();
        var frame = Store.AcceptFrame(Make.Frame(Session.Id, payload));
        Array.Clear(payload);

        Inner.Ail(Ailment.None);
        await frame.Stored;
        Assert.Equal(5, Make.Number(Assert.Single(await StoredAsync())));
    }
}
