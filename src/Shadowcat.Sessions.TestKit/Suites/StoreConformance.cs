namespace Shadowcat.Sessions.TestKit;

/// <summary>What every suite has: stores of one backend, and its clock. A suite is a class derived from this one.</summary>
internal abstract class StoreConformance(IStoreHarness harness) : IAsyncDisposable
{
    /// <summary>Longer than any test runs; also what a session lives by default.</summary>
    protected static readonly TimeSpan Lasting = TimeSpan.FromHours(1);

    /// <summary>Short enough to wait for on a real server. What has to be done within it goes through <see cref="InTimeAsync"/>.</summary>
    protected static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(60);

    /// <summary>Beyond this, a machine is not slow but a call hangs.</summary>
    private static readonly TimeSpan LongestBrief = TimeSpan.FromMinutes(1);

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The type that the harness has to make.</summary>
    public Type? StoreType { get; set; }

    protected IStoreHarness Harness { get; } = harness;

    public async ValueTask DisposeAsync()
    {
        await Harness.DisposeAsync();
    }

    /// <summary>The operation that an error names: the member that was called, or the one that its default calls.</summary>
    protected string NameOf(string operation) => Harness.NameOf(DefaultMembers.CalledBy(StoreType!, operation));

    /// <summary>Makes a store; a second call makes a second one on the same backend.</summary>
    protected async ValueTask<ISessionStore> StoreAsync(SessionStoreOptions? options = null, params ISessionExpirationListener[] listeners)
    {
        var store = await Harness.CreateStoreAsync(options, listeners);
        Assert.True(StoreType == store.GetType(), $"[StoreUnderTest] names {StoreType}, but the harness made a {store.GetType()}.");
        return store;
    }

    /// <summary>Lets the store's clock pass a moment.</summary>
    protected async Task PassAsync(DateTimeOffset moment)
    {
        var left = moment - await Harness.NowAsync() + TimeSpan.FromMilliseconds(10);
        if (left > TimeSpan.Zero)
        {
            await Harness.ElapseAsync(left);
        }
    }

    /// <summary>Lets the store's clock move on a little, so that what happens next happens later.</summary>
    protected Task TickAsync() => Harness.ElapseAsync(TimeSpan.FromMilliseconds(5));

    /// <summary>Gives way to whatever else waits for a thread.</summary>
    protected static Task LetOthersRunAsync() => Task.Run(static () => { }, Ct);

    /// <summary>Does what has to be done before a session of a brief life ends. Where the machine was too slow for that, it is done once more, with a session that lives longer.</summary>
    /// <param name="act">What is done, given how long its session is to live.</param>
    protected async Task<T> InTimeAsync<T>(Func<TimeSpan, Task<T>> act)
    {
        for (var timeToLive = Brief; ; timeToLive *= 4)
        {
            var begun = await Harness.NowAsync();
            try
            {
                return await act(timeToLive);
            }
            catch (Exception) when (timeToLive < LongestBrief)
            {
                if (await Harness.NowAsync() - begun < timeToLive)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>A session that has been in the store, with frames, and has ended.</summary>
    protected async Task<Session> ExpiredAsync(ISessionStore store, int frames)
    {
        // Made to expire only once its frames are in, so that a slow machine does not end it before.
        var session = await CreatedAsync(store, frames);
        await store.UpdateSessionAsync(session with { TimeToLive = Brief }, Ct);
        await store.TouchSessionAsync(session.Id, Ct);
        await Harness.ElapseAsync(Brief * 2);
        return session;
    }

    /// <summary>A new session in the store.</summary>
    protected static ValueTask<Session> CreatedAsync(ISessionStore store) => store.CreateSessionAsync(Make.Session(), Ct);

    /// <summary>A new session in the store, with frames numbered from 0.</summary>
    protected static async Task<Session> CreatedAsync(ISessionStore store, int frames)
    {
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        foreach (var batch in Make.Frames(session.Id, frames).Chunk(1000))
        {
            await store.AddFramesAsync(session.Id, batch, Ct);
        }

        return session;
    }

    /// <summary>Many new sessions in the store, a number of them at a time.</summary>
    protected static async Task<IReadOnlyList<Session>> CreatedAsync(ISessionStore store, IEnumerable<Session> sessions)
    {
        var created = new List<Session>();
        foreach (var some in sessions.Chunk(250))
        {
            created.AddRange(await Task.WhenAll(some.Select(session => store.CreateSessionAsync(session, Ct).AsTask())));
        }

        return created;
    }

    protected static async Task<Session> GottenAsync(ISessionStore store, SessionId id) =>
        await store.GetSessionAsync(id, Ct) ?? throw new Xunit.Sdk.XunitException($"There is no session '{id}'.");

    protected static async Task<IReadOnlyList<MessageEnvelope>> ReadAsync(ISessionStore store, SessionId id, FrameRange range = default) =>
        await store.GetFramesAsync(id, range, Ct).ToListAsync(Ct);

    /// <summary>Borrows frames, and keeps copies of them.</summary>
    protected static async Task<IReadOnlyList<MessageEnvelope>> BorrowedAsync(ISessionStore store, SessionId id, FrameRange range = default)
    {
        var copies = new List<MessageEnvelope>();
        await foreach (var frame in store.BorrowFramesAsync(id, range, Ct))
        {
            copies.Add(frame.ToEnvelope());
        }

        return copies;
    }

    protected static async Task<IReadOnlyList<Session>> ListedAsync(ISessionStore store, SessionFilter? filter = null) =>
        await store.ListSessionsAsync(filter, Ct).ToListAsync(Ct);

    /// <summary>All pages of a listing.</summary>
    protected static async Task<IReadOnlyList<SessionPage>> PagesAsync(ISessionStore store, SessionFilter? filter, int pageSize)
    {
        var pages = new List<SessionPage>();
        string? token = null;
        do
        {
            pages.Add(await store.ListSessionPageAsync(filter, pageSize, token, Ct));
            token = pages[^1].ContinuationToken;
        }
        while (token is not null);

        return pages;
    }

    /// <summary>Asserts that a session keeps these frames, and no others.</summary>
    protected static async Task AssertKeptAsync(ISessionStore store, SessionId id, int first, int count)
    {
        Make.AssertNumbered(await ReadAsync(store, id), first, count);
        Assert.Equal(count, await store.CountFramesAsync(id, Ct));
        var session = await GottenAsync(store, id);
        Assert.Equal((first + count, first), (session.FrameCount, session.FirstSequence));
    }

    /// <summary>Asserts that a session ends when its activity says, or a step later: a 64th of its time to live, 1 ms to 1 s.</summary>
    protected static void AssertEndsByActivity(Session session)
    {
        var needed = session.LastActivity + session.TimeToLive.GetValueOrDefault();
        Assert.InRange(session.ExpiresAt, needed, needed + Step(session));
    }

    /// <summary>By how much a session's deadline moves at a time.</summary>
    protected static TimeSpan Step(Session session) =>
        TimeSpan.FromMilliseconds(Math.Clamp(Math.Floor(session.TimeToLive.GetValueOrDefault().TotalMilliseconds / 64), 1, 1000));

    /// <summary>Asserts that a call is refused as the caller's mistake.</summary>
    protected static Task<ArgumentException> RefusedAsync(Func<Task> call) => Assert.ThrowsAnyAsync<ArgumentException>(call);

    /// <summary>Asserts that there is no such session, and that the error says which and what was asked.</summary>
    protected async Task NotFoundAsync(SessionId id, string operation, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<SessionNotFoundException>(call);
        Assert.Equal(id, exception.SessionId);
        Assert.Equal(NameOf(operation), exception.Operation);
    }
}
