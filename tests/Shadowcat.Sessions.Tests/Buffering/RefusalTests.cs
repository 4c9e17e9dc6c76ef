namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>What a buffer does not take in, or has to give up: always reported, always counted.</summary>
public sealed class RefusalTests : BufferedStoreTest
{
    [Fact]
    public async Task Frames_BeyondTheBound_AreRefusedAndCounted()
    {
        await UseAsync(new BufferedSessionStoreOptions { MaxBufferedFrames = 10 });
        Inner.Ail(Ailment.Away);
        var taken = Enumerable.Range(0, 10).Select(number => Store.AcceptFrame(Make.Frame(Session.Id, number)).Stored).ToList();

        var refused = Assert.Throws<SessionLimitExceededException>(() => Store.AcceptFrame(Make.Frame(Session.Id, 10)));
        await Assert.ThrowsAsync<SessionLimitExceededException>(() => Store.AddFramesAsync(Session.Id, Make.Frames(Session.Id, 3, 10), Ct).AsTask());
        Assert.Throws<SessionLimitExceededException>(() => Store.AcceptSession(Make.Session()));

        Assert.Equal((nameof(BufferedSessionStoreOptions.MaxBufferedFrames), Session.Id), (refused.Limit, refused.SessionId));
        Assert.Equal((10, 4, 0), (Store.Status.WaitingFrames, Store.Status.RefusedFrames, Store.Status.LostFrames));
        Assert.Single(Log.Entries, entry => entry.Id.Id == 42);
        Inner.Ail(Ailment.None);
        await Task.WhenAll(taken);
        Assert.Equal(10, await Store.AddFrameAsync(Make.Frame(Session.Id, 10), Ct));
        Make.AssertNumbered(await StoredAsync(), 0, 11);
    }

    [Fact]
    public async Task Frames_BeyondTheBoundInBytes_AreRefusedExceptTheFirst()
    {
        await UseAsync(new BufferedSessionStoreOptions { MaxBufferedBytes = 1000 });
        Inner.Ail(Ailment.Away);

        var taken = Store.AcceptFrame(Make.Frame(Session.Id, new byte[5000]));
        var refused = Assert.Throws<SessionLimitExceededException>(() => Store.AcceptFrame(Make.Frame(Session.Id)));

        Assert.Equal(nameof(BufferedSessionStoreOptions.MaxBufferedBytes), refused.Limit);
        Inner.Ail(Ailment.None);
        Assert.Equal(0, await taken.Stored);
    }

    [Theory]
    [InlineData(Ailment.Away, true)]
    [InlineData(Ailment.Silent, true)]
    [InlineData(Ailment.SilentThoughDone, false)]
    public async Task Frames_OfASessionThatEndsMeanwhile_AreGivenUpAndSaidToBe(Ailment ailment, bool deleted)
    {
        Inner.Ail(ailment);
        var accepted = Enumerable.Range(0, 300).Select(number => Store.AcceptFrame(Make.Frame(Session.Id, number)).Stored).ToList();
        var waiting = Store.AddFrameAsync(Make.Frame(Session.Id, 300), Ct).AsTask();
        await OutageAsync();
        if (deleted)
        {
            await Inner.Backend.DeleteSessionAsync(Session.Id, Ct);
        }
        else
        {
            Inner.Clock.Advance(TimeSpan.FromHours(2));
        }

        Inner.Ail(Ailment.None);
        if (ailment != Ailment.Away)
        {
            // An attempt with the first was not answered: nobody knows whether the session had it before it ended.
            var unknown = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => accepted[0]);
            Assert.True(unknown.OutcomeUnknown);
            Assert.IsType<SessionNotFoundException>(unknown.InnerException);
        }

        foreach (var frame in accepted.Skip(ailment == Ailment.Away ? 0 : 1).Append(waiting))
        {
            await Assert.ThrowsAsync<SessionNotFoundException>(() => frame);
        }

        // The one that was awaited fails for its caller, who still has it.
        await PassingAsync();
        Assert.Equal((300, 0), (Store.Status.LostFrames, Store.Status.WaitingFrames));
        await Poll.UntilAsync(() => Task.FromResult(Log.Entries.Any(entry => entry.Text.Contains("Lost=300", StringComparison.Ordinal))), "the loss is logged");
        Assert.Equal(0, await Inner.Backend.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Frames_OfAnAcceptedSessionThatCannotBeCreated_AreGivenUpWithIt()
    {
        Inner.Ail(Ailment.Away);
        var taken = new Session(Session.Id, TransportType.Stdio);

        var created = Store.AcceptSession(taken).Stored;
        var frame = Store.AcceptFrame(Make.Frame(taken.Id)).Stored;
        await OutageAsync();
        Inner.Ail(Ailment.None);

        await Assert.ThrowsAsync<SessionAlreadyExistsException>(() => created);
        var lost = await Assert.ThrowsAsync<SessionStoreException>(() => frame);
        Assert.IsType<SessionAlreadyExistsException>(lost.InnerException);
        Assert.Empty(await StoredAsync());
        Assert.Equal(1, Store.Status.LostFrames);
    }

    [Fact]
    public async Task Frames_TrimmedSinceAnUnansweredTry_AreSaidToBeUncertain()
    {
        await Store.AddFramesAsync(Session.Id, Make.Frames(Session.Id, 3), Ct);
        Inner.Ail(Ailment.SilentThoughDone);
        var frame = Store.AcceptFrame(Make.Frame(Session.Id, 3)).Stored;
        await OutageAsync();
        await Inner.Backend.DeleteFramesAsync(Session.Id, cancellationToken: Ct);

        Inner.Ail(Ailment.None);
        var uncertain = await Assert.ThrowsAsync<FramesTrimmedException>(() => frame);

        Assert.Equal((3, 4), (uncertain.RequestedSequence, uncertain.FirstSequence));
        Assert.Equal(1, Store.Status.LostFrames);
        Assert.Equal(4, await Store.AddFrameAsync(Make.Frame(Session.Id, 4), Ct));
    }

    [Fact]
    public async Task Frames_TrimmedSinceATryThatDidNothing_AreStored()
    {
        await Store.AddFramesAsync(Session.Id, Make.Frames(Session.Id, 3), Ct);
        Inner.Ail(Ailment.Away);
        var frame = Store.AcceptFrame(Make.Frame(Session.Id, 4)).Stored;
        await OutageAsync();
        await Inner.Backend.AddFrameAsync(Make.Frame(Session.Id, 3), Ct);
        await Inner.Backend.DeleteFramesAsync(Session.Id, cancellationToken: Ct);

        Inner.Ail(Ailment.None);
        Assert.Equal(4, await frame);
    }

    [Theory]
    [InlineData(Ailment.Silent)]
    [InlineData(Ailment.SilentThoughDone)]
    public async Task Frames_UnansweredInANewLifeOfTheSessionThatIsShorter_AreInThatOneOnce(Ailment ailment)
    {
        await Store.AddFramesAsync(Session.Id, Make.Frames(Session.Id, 500), Ct);
        await Inner.Backend.DeleteSessionAsync(Session.Id, Ct);
        await Inner.Backend.CreateSessionAsync(new Session(Session.Id, TransportType.Stdio), Ct);
        await Store.GetSessionAsync(Session.Id, Ct);
        Inner.Ail(ailment);
        var frame = Store.AcceptFrame(Make.Frame(Session.Id, 0)).Stored;
        await OutageAsync();

        Inner.Ail(Ailment.None);
        Assert.Equal(0, await frame);
        Make.AssertNumbered(await StoredAsync(), 0, 1);
    }

    [Fact]
    public async Task Frames_MoreThanASessionTakes_AreRefusedByTheCallTheyCameIn()
    {
        await UseAsync(
            new BufferedSessionStoreOptions(), new AilingStore(new SessionStoreOptions { MaxFramesPerSession = 3, FrameOverflow = FrameOverflow.Refuse }));
        Inner.Ail(Ailment.SilentThoughDone);
        var two = Store.AcceptFrames(Session.Id, Make.Frames(Session.Id, 2)).Stored;
        var twoMore = Store.AcceptFrames(Session.Id, Make.Frames(Session.Id, 2, 7)).Stored;
        var one = Store.AcceptFrame(Make.Frame(Session.Id, 2)).Stored;
        await OutageAsync();

        Inner.Ail(Ailment.None);
        Assert.Equal((0, 2), (await two, await one));
        Assert.Equal(nameof(SessionStoreOptions.MaxFramesPerSession), (await Assert.ThrowsAsync<SessionLimitExceededException>(() => twoMore)).Limit);
        Make.AssertNumbered(await StoredAsync(), 0, 3);
    }

    [Fact]
    public async Task Frames_WhereTryingAgainCannotHelp_FailAtOnce()
    {
        Inner.Failure = new SessionStoreConfigurationException("AddFrame", Session.Id, "wrong password");

        await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => Store.AddFrameAsync(Make.Frame(Session.Id), Ct).AsTask());
        await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => Store.AcceptFrame(Make.Frame(Session.Id)).Stored);

        Assert.Equal((SessionBufferState.Passing, 1, 0), (Store.Status.State, Store.Status.LostFrames, Store.Status.WaitingFrames));
        Inner.Failure = null;
    }

    [Fact]
    public void Arguments_ThatAStoreRefuses_AreRefusedAtOnce()
    {
        Assert.Throws<ArgumentNullException>(() => Store.AcceptSession(null!));
        Assert.Throws<ArgumentNullException>(() => Store.AcceptFrame(null!));
        Assert.Throws<ArgumentException>(() => Store.AcceptFrames(Session.Id, []));
        Assert.Throws<ArgumentException>(() => Store.AcceptFrames(Session.Id, [Make.Frame(SessionId.New())]));
        Assert.Throws<ArgumentException>(() => Store.AcceptFrame(Make.Frame(Session.Id, new byte[(4 * 1024 * 1024) + 1])));
        using var cached = new CachedSessionStore(Inner.Backend);
        Assert.Contains("next to the store", Assert.Throws<ArgumentException>(() => new BufferedSessionStore(cached)).Message, StringComparison.Ordinal);
    }
}
