namespace Shadowcat.Sessions.Tests.Telemetry;

/// <summary>Each operation of a store, done so that it succeeds.</summary>
internal static class EveryOperation
{
    /// <summary>How often each was done.</summary>
    public static IReadOnlyDictionary<string, int> Done { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["CreateSession"] = 1,
        ["GetSession"] = 1,
        ["GetSessions"] = 1,
        ["UpdateSession"] = 1,
        ["TouchSession"] = 1,
        ["AddFrame"] = 1,
        ["AddFrames"] = 1,
        ["CountFrames"] = 1,
        ["CountSessions"] = 1,
        ["DeleteFrames"] = 1,
        ["DeleteSession"] = 1,
        ["ReapExpiredSessions"] = 1,
    };

    /// <summary>Those that are measured look by look: how often, is the store's business.</summary>
    public static IReadOnlyList<string> Pages { get; } = ["ListSessions", "GetFrames", "BorrowFrames", "FollowFrames"];

    public static async Task<Session> RunAsync(ISessionStore store, CancellationToken cancellationToken)
    {
        var session = await store.CreateSessionAsync(Make.FullSession(), cancellationToken);
        var id = session.Id;
        await store.AddFrameAsync(Make.Frame(id), cancellationToken);
        await store.AddFramesAsync(id, Make.Frames(id, 3, first: 1), cancellationToken);
        session = (await store.GetSessionAsync(id, cancellationToken))!;
        await store.GetSessionsAsync([id, SessionId.New()], cancellationToken);
        await store.TouchSessionAsync(id, cancellationToken);
        await store.CountFramesAsync(id, cancellationToken);
        await store.CountSessionsAsync(cancellationToken);
        Assert.Equal(4, await store.GetFramesAsync(id, cancellationToken: cancellationToken).CountAsync(cancellationToken));
        var borrowed = 0;
        await foreach (var _ in store.BorrowFramesAsync(id, cancellationToken: cancellationToken))
        {
            borrowed++;
        }

        Assert.Equal(4, borrowed);
        Assert.Single(await store.ListSessionsAsync(cancellationToken: cancellationToken).ToListAsync(cancellationToken));
        Assert.Single((await store.ListSessionPageAsync(cancellationToken: cancellationToken)).Sessions);
        await store.UpdateSessionAsync(session.AsClosed(SessionStatus.Completed), cancellationToken);
        Assert.Equal(4, await store.FollowFramesAsync(id, cancellationToken: cancellationToken).CountAsync(cancellationToken));
        await store.DeleteFramesAsync(id, 2, cancellationToken);
        await store.ReapExpiredSessionsAsync(cancellationToken);
        await store.DeleteSessionAsync(id, cancellationToken);
        return session;
    }
}
