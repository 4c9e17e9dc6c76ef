namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>What a buffer took in for a session is never stored in another one that has its id.</summary>
public sealed class GenerationTests : BufferedStoreTest
{
    private static readonly SessionOwner Bob = new("sub", "bob", "https://issuer.example/");

    public static MatrixTheoryData<Ailment, bool, bool> Endings => new(
        [Ailment.Away, Ailment.Silent, Ailment.SilentThoughDone, Ailment.BrokenThoughDone, Ailment.Full], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Frames_OfASessionThatEndsAndWhoseIdIsUsedAnew_LandInNoOther(Ailment ailment, bool isDeleted, bool isAnothers)
    {
        await Store.AddFramesAsync(Session.Id, Make.Frames(Session.Id, 3), Ct);
        Inner.Ail(ailment);
        var accepted = Enumerable.Range(3, 10).Select(number => Store.AcceptFrame(Make.Frame(Session.Id, number)).Stored).ToList();
        var awaited = Store.AddFrameAsync(Make.Frame(Session.Id, 13), Ct).AsTask();
        await OutageAsync();

        var next = await NextLifeAsync(isDeleted, isAnothers ? Bob : null);
        accepted.Add(Store.AcceptFrame(Make.Frame(Session.Id, 14)).Stored);
        Inner.Ail(Ailment.None);

        if (ailment is not (Ailment.Away or Ailment.Full))
        {
            await UnknownAsync(accepted[0]);
            accepted.RemoveAt(0);
            Assert.Equal(10, accepted.Count);
        }

        foreach (var frame in accepted.Append(awaited))
        {
            await Assert.ThrowsAsync<SessionNotFoundException>(() => frame);
        }

        await PassingAsync();
        Assert.Equal((11, 0, 0), (Store.Status.LostFrames, Store.Status.WaitingFrames, Store.Status.RefusedFrames));
        Assert.Equal(next, await Inner.Backend.GetSessionAsync(Session.Id, Ct));

        // Now it knows of the next one.
        Assert.Equal(0, await Store.AcceptFrame(Make.Frame(Session.Id)).Stored);
        Make.AssertNumbered(await StoredAsync(), 0, 1);
    }

    [Fact]
    public async Task Create_CarriedOutAndNotAnsweredWhoseIdIsAnothersByNow_IsOfUnknownOutcome()
    {
        var session = Make.Session();
        Inner.Ail(Ailment.BrokenThoughDone);
        var created = Store.AcceptSession(session).Stored;
        await OutageAsync();

        Assert.True(await Inner.Backend.DeleteSessionAsync(session.Id, Ct));
        await Inner.Backend.CreateSessionAsync(new Session(session.Id, TransportType.Http), Ct);
        Inner.Ail(Ailment.None);

        var unknown = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => created);
        Assert.True(unknown.OutcomeUnknown);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("read with others")]
    [InlineData("known")]
    [InlineData("updated")]
    [InlineData("conflicting")]
    [InlineData("created")]
    [InlineData("accepted")]
    [InlineData("appended to")]
    public async Task Session_KnownBefore_IsTheOneThatFramesAreFor(string how)
    {
        var session = how is "created" or "accepted" ? Make.Session() : await Inner.Backend.CreateSessionAsync(Make.Session(), Ct);
        await (how switch
        {
            "read" => (Task)Store.GetSessionAsync(session.Id, Ct).AsTask(),
            "read with others" => Store.GetSessionsAsync([Session.Id, session.Id, SessionId.New()], Ct).AsTask(),
            "known" => Store.GetKnownSessionAsync(session.Id, Ct).AsTask(),
            "updated" => Store.UpdateSessionAsync(session with { Tags = ["x"] }, Ct).AsTask(),
            "conflicting" => Assert.ThrowsAsync<SessionConflictException>(() => Store.UpdateSessionAsync(session with { Version = 7 }, Ct).AsTask()),
            "created" => Store.CreateSessionAsync(session, Ct).AsTask(),
            "accepted" => Store.AcceptSession(session).Stored,
            _ => Store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask(),
        });
        await Inner.Backend.DeleteSessionAsync(session.Id, Ct);
        Inner.Ail(Ailment.Away);
        var frame = Store.AcceptFrame(Make.Frame(session.Id)).Stored;
        await OutageAsync();
        await Inner.Backend.CreateSessionAsync(new Session(session.Id, TransportType.Stdio), Ct);

        Inner.Ail(Ailment.None);

        await Assert.ThrowsAsync<SessionNotFoundException>(() => frame);
        Assert.Empty(await StoredAsync(session.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_NotKnown_IsTheOneThereIsWhenTheStoreServesAgain(bool isThere)
    {
        var session = Make.Session();
        if (isThere)
        {
            await Inner.Backend.CreateSessionAsync(session, Ct);
        }

        Inner.Ail(Ailment.Away);
        var frames = Store.AcceptFrames(session.Id, Make.Frames(session.Id, 3)).Stored;
        await OutageAsync();

        // It serves those who read.
        Inner.AilingOperation = static operation => operation.StartsWith("Get", StringComparison.Ordinal) ? Ailment.None : Ailment.Away;
        Inner.Ail(Ailment.None);
        if (isThere)
        {
            await TriedAsync(20);
            await Inner.Backend.DeleteSessionAsync(session.Id, Ct);
        }
        else
        {
            await PassingAsync();
        }

        await Inner.Backend.CreateSessionAsync(new Session(session.Id, TransportType.Stdio), Ct);
        Inner.AilingOperation = static _ => Ailment.None;

        await Assert.ThrowsAsync<SessionNotFoundException>(() => frames);
        Assert.Empty(await StoredAsync(session.Id));
        Assert.Equal(3, Store.Status.LostFrames);
    }

    [Fact]
    public async Task Sessions_NotKnown_AreAllLookedAtBeforeAnythingIsStored()
    {
        var sessions = await Task.WhenAll(Make.Sessions(300).Select(session => Inner.Backend.CreateSessionAsync(session, Ct).AsTask()));
        Inner.Ail(Ailment.Away);
        var frames = sessions.ToDictionary(session => session.Id, session => Store.AcceptFrame(Make.Frame(session.Id)).Stored);
        await OutageAsync();
        await TriedAsync(1000);
        var gate = new Lock();
        var looks = 0;
        SessionId? first = null;

        // One that is just tried when the store comes back must not be looked at by itself.
        Inner.AilingOperation = operation => operation == "GetSession" && Volatile.Read(ref looks) < 2 ? Ailment.Away : Ailment.None;
        Inner.Calling = (operation, id) =>
        {
            lock (gate)
            {
                looks += operation == "GetSessions" && Inner.Ailing(id) == Ailment.None ? 1 : 0;
                if (operation == "AddFrame" && first is null)
                {
                    // In memory, and done when it comes back.
                    first = id;
                    Assert.All(sessions.Where(session => session.Id != id), session => Assert.True(NextLife(session.Id).AsTask().IsCompletedSuccessfully));
                }
            }
        };

        Inner.Ail(Ailment.None);
        await Task.WhenAll(frames.Values).ContinueWith(static _ => { }, TaskScheduler.Default);

        Assert.Equal(first, Assert.Single(frames, frame => frame.Value.IsCompletedSuccessfully).Key);
        Assert.All(frames.Where(frame => frame.Key != first), frame => Assert.IsType<SessionNotFoundException>(frame.Value.Exception!.InnerException));
        foreach (var session in sessions.Where(session => session.Id != first))
        {
            Assert.Empty(await StoredAsync(session.Id));
        }

        ValueTask<Session> NextLife(SessionId id)
        {
            var deleting = Inner.Backend.DeleteSessionAsync(id, Ct).AsTask();
            Assert.True(deleting.IsCompletedSuccessfully && deleting.GetAwaiter().GetResult());
            return Inner.Backend.CreateSessionAsync(new Session(id, TransportType.Stdio), Ct);
        }
    }

    [Fact]
    public async Task Delete_ThroughTheBuffer_EndsWhatIsKnown()
    {
        await Store.AddFrameAsync(Make.Frame(Session.Id), Ct);
        Assert.True(await Store.DeleteSessionAsync(Session.Id, Ct));
        await Inner.Backend.CreateSessionAsync(new Session(Session.Id, TransportType.Stdio), Ct);
        Inner.Ail(Ailment.SilentThoughDone);
        var frame = Store.AcceptFrame(Make.Frame(Session.Id)).Stored;
        await OutageAsync();

        Inner.Ail(Ailment.None);

        Assert.Equal(0, await frame);
        Make.AssertNumbered(await StoredAsync(), 0, 1);
    }

    [Fact]
    public async Task Delete_OfWhichNothingWasDone_EndsNothing()
    {
        Inner.Ail(Ailment.Away);
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Store.DeleteSessionAsync(Session.Id, Ct).AsTask());
        var frame = Store.AcceptFrame(Make.Frame(Session.Id)).Stored;
        await OutageAsync();
        await NextLifeAsync(isDeleted: true, owner: null);

        Inner.Ail(Ailment.None);

        await Assert.ThrowsAsync<SessionNotFoundException>(() => frame);
        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task Create_AcceptedForAnIdThatHadAnother_IsWhatComesBehindItIsFor()
    {
        Inner.Ail(Ailment.Away);
        var before = Store.AcceptFrame(Make.Frame(Session.Id, 7)).Stored;
        await OutageAsync();
        await Inner.Backend.DeleteSessionAsync(Session.Id, Ct);
        var next = new Session(Session.Id, TransportType.Stdio);
        var created = Store.AcceptSession(next).Stored;
        var behind = Store.AcceptFrame(Make.Frame(Session.Id, 0)).Stored;
        var awaited = Store.AddFrameAsync(Make.Frame(Session.Id, 1), Ct).AsTask();

        Inner.Ail(Ailment.None);

        await Assert.ThrowsAsync<SessionNotFoundException>(() => before);
        Assert.Equal(next.Generation, (await created).Generation);
        Assert.Equal((0, 1), (await behind, await awaited));
        Make.AssertNumbered(await StoredAsync(), 0, 2);
    }

    [Fact]
    public async Task Create_AwaitedForAnIdThatHadAnother_IsWhatComesBehindItIsFor()
    {
        Inner.Ail(Ailment.Away);
        await Inner.Backend.DeleteSessionAsync(Session.Id, Ct);
        var created = Store.CreateSessionAsync(new Session(Session.Id, TransportType.Stdio), Ct).AsTask();
        await OutageAsync();
        var behind = Store.AcceptFrame(Make.Frame(Session.Id, 0)).Stored;
        var awaited = Store.AddFrameAsync(Make.Frame(Session.Id, 1), Ct).AsTask();

        Inner.Ail(Ailment.None);

        await created;
        Assert.Equal((0, 1), (await behind, await awaited));
    }

    [Fact]
    public async Task Create_AcceptedThatIsRefused_LeavesTheSessionThatIsThereAlone()
    {
        Inner.Ail(Ailment.Away);
        var created = Store.AcceptSession(new Session(Session.Id, TransportType.Stdio)).Stored;
        var accepted = Store.AcceptFrame(Make.Frame(Session.Id)).Stored;
        var awaited = Store.AddFrameAsync(Make.Frame(Session.Id), Ct).AsTask();
        var again = Store.AcceptSession(Session).Stored;
        var behind = Store.AcceptFrame(Make.Frame(Session.Id, 0)).Stored;
        await OutageAsync();

        Inner.Ail(Ailment.None);

        await Assert.ThrowsAsync<SessionAlreadyExistsException>(() => created);
        await Assert.ThrowsAsync<SessionStoreException>(() => accepted);
        await Assert.ThrowsAsync<SessionNotFoundException>(() => awaited);
        Assert.Equal(Session.Generation, (await again).Generation);
        Assert.Equal(0, await behind);
        Make.AssertNumbered(await StoredAsync(), 0, 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_SeenByOneOfTwoReadsAtOnce_IsTheOneThatFramesAreFor(bool isAbsenceToldLast)
    {
        var session = Make.Session();
        var (asked, carriedOut, answered) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        Inner.Asking = _ => asked.Task;
        var seeing = Store.GetSessionAsync(session.Id, Ct).AsTask();
        Inner.Asking = static _ => Task.CompletedTask;
        Inner.Answering = _ =>
        {
            carriedOut.SetResult();
            return isAbsenceToldLast ? answered.Task : Task.CompletedTask;
        };
        var missing = Store.GetSessionAsync(session.Id, Ct).AsTask();
        await (isAbsenceToldLast ? carriedOut.Task : missing);
        Inner.Answering = static _ => Task.CompletedTask;
        await Inner.Backend.CreateSessionAsync(session, Ct);
        asked.SetResult();
        Assert.Equal(session.Generation, (await seeing)?.Generation);
        answered.SetResult();
        Assert.Null(await missing);

        await LandsInNoOtherAsync(session);
    }

    [Fact]
    public async Task Session_ForWhoseIdACreateWasRefused_IsStillTheOneThatFramesAreFor()
    {
        await Assert.ThrowsAsync<SessionAlreadyExistsException>(() => Store.CreateSessionAsync(new Session(Session.Id, TransportType.Stdio), Ct).AsTask());

        await LandsInNoOtherAsync(Session);
    }

    [Fact]
    public async Task Session_ReadWhileACreateForItsIdWaits_IsTheOneThatFramesAreFor()
    {
        Inner.AilingOperation = static operation => operation == "CreateSession" ? Ailment.Away : Ailment.None;
        var created = Store.CreateSessionAsync(new Session(Session.Id, TransportType.Stdio), Ct).AsTask();
        await OutageAsync();
        Assert.Equal(Session.Generation, (await Store.GetSessionAsync(Session.Id, Ct))?.Generation);
        var frame = Store.AcceptFrame(Make.Frame(Session.Id)).Stored;
        Assert.True(await Inner.Backend.DeleteSessionAsync(Session.Id, Ct));

        Inner.AilingOperation = static _ => Ailment.None;

        await created;
        await Assert.ThrowsAsync<SessionNotFoundException>(() => frame);
        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task Append_AwaitedWhileTheStoreServes_GoesToTheSessionThatHasTheId()
    {
        await Store.AddFrameAsync(Make.Frame(Session.Id), Ct);
        await NextLifeAsync(isDeleted: true, owner: null);

        Assert.Equal(0, await Store.AddFrameAsync(Make.Frame(Session.Id), Ct));
        Assert.Equal(1, await Store.AcceptFrame(Make.Frame(Session.Id, 1)).Stored);

        await Inner.Backend.DeleteSessionAsync(Session.Id, Ct);
        await Assert.ThrowsAsync<SessionNotFoundException>(() => Store.AddFrameAsync(Make.Frame(Session.Id), Ct).AsTask());
    }

    /// <summary>Shows that a frame for a session the buffer knows of is not stored in the next one of its id.</summary>
    private async Task LandsInNoOtherAsync(Session session)
    {
        Inner.Ail(Ailment.Away);
        var frame = Store.AcceptFrame(Make.Frame(session.Id)).Stored;
        await OutageAsync();
        Assert.True(await Inner.Backend.DeleteSessionAsync(session.Id, Ct));
        await Inner.Backend.CreateSessionAsync(new Session(session.Id, TransportType.Stdio), Ct);

        Inner.Ail(Ailment.None);

        await Assert.ThrowsAsync<SessionNotFoundException>(() => frame);
        Assert.Empty(await StoredAsync(session.Id));
    }

    private static async Task UnknownAsync(Task<long> frame)
    {
        var unknown = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => frame);
        Assert.Equal((true, "AddFrame"), (unknown.OutcomeUnknown, unknown.Operation));
        Assert.IsType<SessionNotFoundException>(unknown.InnerException);
    }

    private async Task<Session> NextLifeAsync(bool isDeleted, SessionOwner? owner)
    {
        if (isDeleted)
        {
            await Inner.Backend.DeleteSessionAsync(Session.Id, Ct);
        }
        else
        {
            Inner.Clock.Advance(TimeSpan.FromHours(2));
        }

        return await Inner.Backend.CreateSessionAsync(new Session(Session.Id, TransportType.Stdio) { Owner = owner }, Ct);
    }
}
