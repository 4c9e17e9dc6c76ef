namespace Shadowcat.Sessions.Tests.Memory;

/// <summary>How the store in memory counts the bytes of its frames is no secret: a session is full at its bound, neither before it nor behind it.</summary>
public sealed class InMemoryCapsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_ExactlyTheBytesAllowed_KeepsAll()
    {
        var (store, frame) = await FilledAsync(FrameOverflow.TrimOldest);

        Assert.Equal(2, await store.CountFramesAsync(frame.SessionId, Ct));
        Assert.Equal(2, await store.AddFrameAsync(frame, Ct));
        Assert.Equal(2, await store.CountFramesAsync(frame.SessionId, Ct));
    }

    [Fact]
    public async Task AppendRefusing_ExactlyTheBytesAllowed_IsStored()
    {
        var (store, frame) = await FilledAsync(FrameOverflow.Refuse);

        Assert.Equal(2, await store.CountFramesAsync(frame.SessionId, Ct));
        await Assert.ThrowsAsync<SessionLimitExceededException>(() => store.AddFrameAsync(frame, Ct).AsTask());
    }

    /// <summary>A store whose session has two frames, and no room for a third.</summary>
    private static async Task<(InMemorySessionStore Store, MessageEnvelope Frame)> FilledAsync(FrameOverflow overflow)
    {
        var session = Make.Session();
        var frame = Make.Frame(session.Id);
        var store = new InMemorySessionStore(new SessionStoreOptions { MaxFramesBytesPerSession = 2 * FrameSize.Of(frame), FrameOverflow = overflow });
        await store.CreateSessionAsync(session, Ct);
        await store.AddFramesAsync(session.Id, [frame, frame], Ct);
        return (store, frame);
    }
}
