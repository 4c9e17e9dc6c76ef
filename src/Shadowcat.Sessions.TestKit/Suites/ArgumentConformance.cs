namespace Shadowcat.Sessions.TestKit;

/// <summary>A caller's mistake is refused with an <see cref="ArgumentException"/> that names the argument, and changes nothing.</summary>
internal sealed class ArgumentConformance(IStoreHarness harness) : StoreConformance(harness)
{
    private static readonly SessionStoreOptions Bounded = new() { MaxFrameBytes = 100, MaxBatchBytes = 250 };

    [Fact]
    public async Task AnyMember_DefaultId_IsRefused()
    {
        var store = await StoreAsync();

        await AssertRefusedAsync("id", async () => await store.GetSessionAsync(default, Ct));
        await AssertRefusedAsync("id", async () => await store.DeleteSessionAsync(default, Ct));
        await AssertRefusedAsync("id", async () => await store.TouchSessionAsync(default, Ct));
        await AssertRefusedAsync("id", async () => await store.AddFramesAsync(default, Make.Frames(SessionId.New(), 1), Ct));
        await AssertRefusedAsync("id", async () => await ReadAsync(store, default));
        await AssertRefusedAsync("id", async () => await BorrowedAsync(store, default));
        await AssertRefusedAsync("id", async () => await store.FollowFramesAsync(default, cancellationToken: Ct).ToListAsync(Ct));
        await AssertRefusedAsync("id", async () => await store.CountFramesAsync(default, Ct));
        await AssertRefusedAsync("id", async () => await store.DeleteFramesAsync(default, cancellationToken: Ct));
        await AssertRefusedAsync("id", async () => await store.UpdateSessionAsync(default, session => session, Ct));
    }

    [Fact]
    public async Task AnyMember_Null_IsRefused()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);

        await AssertRefusedAsync("session", async () => await store.CreateSessionAsync(null!, Ct));
        await AssertRefusedAsync("session", async () => await store.CreateSessionAsync(null!, 7, Ct));
        await AssertRefusedAsync("session", async () => await store.UpdateSessionAsync(null!, Ct));
        await AssertRefusedAsync("ids", async () => await store.GetSessionsAsync(null!, Ct));
        await AssertRefusedAsync("frame", async () => await store.AddFrameAsync(null!, Ct));
        await AssertRefusedAsync("frames", async () => await store.AddFramesAsync(session.Id, null!, Ct));
        await AssertRefusedAsync("change", async () => await store.UpdateSessionAsync(session.Id, null!, Ct));
        await AssertUnchangedAsync(store, session);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(SessionStoreLimits.MaxFirstSequence + 1)]
    [InlineData(long.MaxValue)]
    public async Task Create_FirstSequenceOutOfBounds_IsRefused(long firstSequence)
    {
        var store = await StoreAsync();

        await AssertRefusedAsync("firstSequence", async () => await store.CreateSessionAsync(Make.Session(), firstSequence, Ct));

        Assert.Equal(0, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task GetMany_DefaultIdAmongThem_IsRefused()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);

        await AssertRefusedAsync("ids", async () => await store.GetSessionsAsync([session.Id, default], Ct));
    }

    [Fact]
    public async Task Update_SessionNeverStored_IsRefused()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);

        await AssertRefusedAsync("session", async () => await store.UpdateSessionAsync(session with { Version = 0 }, Ct));
        await AssertRefusedAsync("session", async () => await store.UpdateSessionAsync(session with { Version = -1 }, Ct));
        await AssertRefusedAsync("session", async () => await store.UpdateSessionAsync(Make.Session(), Ct));

        await AssertUnchangedAsync(store, session);
    }

    [Theory]
    [InlineData(SessionStatus.Completed, SessionState.Initializing)]
    [InlineData(SessionStatus.Failed, SessionState.Active)]
    [InlineData(SessionStatus.TimedOut, SessionState.ShuttingDown)]
    [InlineData(SessionStatus.Active, SessionState.Closed)]
    public async Task CreateAndUpdate_StatusThatIsNotOfTheState_AreRefused(SessionStatus status, SessionState state)
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        var impossible = Make.Session() with { Status = status, State = state };

        var exception = await AssertRefusedAsync("session", async () => await store.CreateSessionAsync(impossible, Ct));
        Assert.Contains($"{status}", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"{state}", exception.Message, StringComparison.Ordinal);
        await AssertRefusedAsync("session", async () => await store.CreateSessionAsync(impossible, 7, Ct));
        await AssertRefusedAsync("session", async () => await store.UpdateSessionAsync(session with { Status = status, State = state }, Ct));

        Assert.Null(await store.GetSessionAsync(impossible.Id, Ct));
        await AssertUnchangedAsync(store, session);
    }

    [Fact]
    public async Task Close_WithWhatIsNoEnd_IsRefusedBeforeAnythingIsRead()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        var nobody = SessionId.New();

        await AssertRefusedAsync("id", async () => await store.CloseSessionAsync(default, cancellationToken: Ct));
        foreach (var id in new[] { session.Id, nobody })
        {
            await AssertRefusedAsync("status", async () => await store.CloseSessionAsync(id, SessionStatus.Active, cancellationToken: Ct));
            await AssertRefusedAsync("status", async () => await store.CloseSessionAsync(id, (SessionStatus)4, cancellationToken: Ct));
            await AssertRefusedAsync("reason", async () => await store.CloseSessionAsync(id, reason: "a\nb", cancellationToken: Ct));
        }

        await AssertUnchangedAsync(store, session);
    }

    [Fact]
    [ExactSizes]
    public async Task Append_PayloadOverTheBound_IsRefusedAndOneAtTheBoundIsNot()
    {
        var store = await StoreAsync(Bounded);
        var session = await CreatedAsync(store);

        var exception = await AssertRefusedAsync("frame", async () => await store.AddFrameAsync(Sized(session.Id, 101), Ct));
        Assert.Contains("101", exception.Message, StringComparison.Ordinal);
        Assert.Contains("100", exception.Message, StringComparison.Ordinal);
        await AssertRefusedAsync("frames", async () => await store.AddFramesAsync(session.Id, [Sized(session.Id, 1), Sized(session.Id, 101)], Ct));
        await AssertUnchangedAsync(store, session);

        Assert.Equal(0, await store.AddFrameAsync(Sized(session.Id, 100), Ct));
    }

    [Fact]
    [ExactSizes]
    public async Task AppendBatch_PayloadsOverTheBoundTogether_AreRefusedAndThoseAtTheBoundAreNot()
    {
        var store = await StoreAsync(Bounded);
        var session = await CreatedAsync(store);

        await AssertRefusedAsync("frames", async () => await store.AddFramesAsync(session.Id, [Sized(session.Id, 100), Sized(session.Id, 100), Sized(session.Id, 51)], Ct));
        await AssertUnchangedAsync(store, session);

        Assert.Equal(0, await store.AddFramesAsync(session.Id, [Sized(session.Id, 100), Sized(session.Id, 100), Sized(session.Id, 50)], Ct));
    }

    [Fact]
    public async Task AppendBatch_EmptyOrTooManyOrNullOrOfAnotherSession_IsRefused()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        var other = await CreatedAsync(store);

        await AssertRefusedAsync("frames", async () => await store.AddFramesAsync(session.Id, [], Ct));
        await AssertRefusedAsync("frames", async () => await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 1001), Ct));
        await AssertRefusedAsync("frames", async () => await store.AddFramesAsync(session.Id, [Make.Frame(session.Id), null!], Ct));
        await AssertRefusedAsync("frames", async () => await store.AddFramesAsync(session.Id, [Make.Frame(session.Id), Make.Frame(other.Id)], Ct));
        await AssertRefusedAsync("frames", async () => await store.AddFramesAsync(session.Id, [Make.Frame(other.Id)], Ct));

        await AssertUnchangedAsync(store, session);
        await AssertUnchangedAsync(store, other);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public async Task DeleteFrames_NegativeSequence_IsRefused(long beforeSequence)
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 2);
        session = await GottenAsync(store, session.Id);

        await AssertRefusedAsync("beforeSequence", async () => await store.DeleteFramesAsync(session.Id, beforeSequence, Ct));

        await AssertUnchangedAsync(store, session);
    }

    private static MessageEnvelope Sized(SessionId id, int bytes) => Make.Frame(id, new byte[bytes]);

    private static async Task<ArgumentException> AssertRefusedAsync(string parameter, Func<Task> call)
    {
        var exception = await RefusedAsync(call);
        Assert.StartsWith(parameter, exception.ParamName, StringComparison.Ordinal);
        return exception;
    }

    private static async Task AssertUnchangedAsync(ISessionStore store, Session session)
    {
        Assert.Equal(session, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(session.FrameCount, await store.CountFramesAsync(session.Id, Ct));
    }
}
