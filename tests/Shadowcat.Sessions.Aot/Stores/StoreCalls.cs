using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shadowcat.Sessions.Aot.Stores;

/// <summary>Every call of a store, whichever it is.</summary>
internal static class StoreCalls
{
    public static async Task MakeAsync(ISessionStore store)
    {
        var session = await SessionsAsync(store);
        await FramesAsync(store, session.Id);
        await CapabilitiesAsync(store);
        Check.That((await SessionStoreHealth.OfAsync(store, TimeSpan.FromSeconds(10))).Status != HealthStatus.Unhealthy);
        Check.Equal(0, await store.ReapExpiredSessionsAsync());
        await EndAsync(store, session.Id);
    }

    private static async Task<Session> SessionsAsync(ISessionStore store)
    {
        var session = await store.CreateSessionAsync(Samples.Session());
        var later = await store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio), firstSequence: 100);
        Check.Equal(100L, later.FirstSequence);
        await Check.ThrowsAsync<SessionAlreadyExistsException>(async () => await store.CreateSessionAsync(new Session(session.Id, TransportType.Stdio)));

        var read = await store.GetSessionAsync(session.Id);
        Check.Equal(session, read);
        Check.Same([session.Id, later.Id], (await store.GetSessionsAsync([session.Id, later.Id, SessionId.New()])).OfType<Session>().Select(static found => found.Id));
        Check.Equal(session.Id, (await store.GetOwnedSessionAsync(session.Id, Samples.Owner))?.Id);
        Check.Equal(session.Id, (await store.GetOwnedSessionAsync(session.Id, Samples.Principal))?.Id);

        var updated = await store.UpdateSessionAsync(session with { Tags = ["sample", "updated"] });
        Check.That(updated.Version == session.Version + 1 && updated.Tags.Contains("updated"));
        await Check.ThrowsAsync<SessionConflictException>(async () => await store.UpdateSessionAsync(session));
        updated = await store.UpdateSessionAsync(session.Id, static stored => stored with { Attributes = stored.Attributes.With("more", "1") });
        Check.Equal("1", updated.Attributes["more"]);
        Check.That(await store.TouchSessionAsync(session.Id) && !await store.TouchSessionAsync(SessionId.New()));

        Check.Equal(2L, await store.CountSessionsAsync());
        var page = await store.ListSessionPageAsync(pageSize: 1);
        var rest = await store.ListSessionPageAsync(pageSize: 1, continuationToken: page.ContinuationToken);
        Check.Equal(2, page.Sessions.Concat(rest.Sessions).Select(static listed => listed.Id).Distinct().Count());
        Check.Same([session.Id], (await Lists.OfAsync(store.ListSessionsAsync(new SessionFilter { Tags = ["updated"], Order = SessionOrder.NewestFirst }))).Select(static listed => listed.Id));
        Check.That(await store.DeleteSessionAsync(later.Id) && !await store.DeleteSessionAsync(later.Id));
        return updated;
    }

    private static async Task FramesAsync(ISessionStore store, SessionId id)
    {
        Check.Equal(0L, await store.AddFrameAsync(Samples.Frame(id, 1)));
        Check.Equal(1L, await store.AddFramesAsync(id, [Samples.Frame(id, 2), Samples.Frame(id, 3)]));
        Check.Equal(3L, await store.CountFramesAsync(id));
        await Check.ThrowsAsync<SessionNotFoundException>(async () => await store.AddFrameAsync(Samples.Frame(SessionId.New())));

        var frames = await Lists.OfAsync(store.GetFramesAsync(id));
        Check.Same([0L, 1L, 2L], frames.Select(static frame => frame.Sequence));
        Check.That(frames.All(static frame => frame is { Method: "tools/list", ExchangeId: "exchange", Kind: MessageKind.Request } && frame.Metadata["trace"] == "abc" && frame.Timestamp == Samples.Time));
        Check.Same(["2", "3"], (await Lists.OfAsync(store.GetFramesAsync(id, FrameRange.From(1)))).Select(static frame => frame.RequestId?.Value));
        Check.Same(["3"], (await Lists.OfAsync(store.GetFramesAsync(id, FrameRange.Last(1)))).Select(static frame => frame.RequestId?.Value));

        var borrowed = 0;
        await foreach (var frame in store.BorrowFramesAsync(id))
        {
            Check.That(frame.Payload.SequenceEqual(frames[borrowed].Payload.Span) && frame.SessionId == id && frame.Sequence == borrowed);
            Check.That(frame.Method == "tools/list" && frame.RequestId == frames[borrowed].RequestId && frame.ExchangeId == "exchange" && frame.ProtocolVersion is null);
            Check.Equal("abc", frame.Metadata["trace"]);
            Check.Equal(frames[borrowed++].Timestamp, frame.ToEnvelope().Timestamp);
        }

        await foreach (var frame in store.GetFramesAsync(id).Borrow())
        {
            Check.Equal(frames[(int)frame.Sequence].RequestId, frame.RequestId);
            borrowed--;
        }

        Check.Equal(0, borrowed);
        Check.Equal(1L, await store.DeleteFramesAsync(id, beforeSequence: 1));
        Check.Equal(1L, (await Check.ThrowsAsync<FramesTrimmedException>(async () => await Lists.OfAsync(store.GetFramesAsync(id, FrameRange.From(0))))).FirstSequence);
    }

    private static async Task CapabilitiesAsync(ISessionStore store)
    {
        if (store.GetService<ISessionChanges>() is { } changes)
        {
            await Listener.HearAsync(store, changes);
        }

        if (store.GetService<IRepeatableAppends>() is { } appends)
        {
            var session = await store.CreateSessionAsync(Samples.Session());
            IdempotentFrame[] frames = [IdempotentFrame.Copy(Samples.Frame(session.Id)), new(Samples.Frame(session.Id)), new(Samples.Frame(session.Id), IdempotentFrame.NewKey())];
            Check.Equal(0L, await appends.AppendAsync(Operations.AddFrames, session.Id, frames, session.Generation, since: -1, CancellationToken.None));
            Check.Equal(0L, await appends.AppendAsync(Operations.AddFrames, session.Id, frames, session.Generation, since: 0, CancellationToken.None));
            Check.Equal(3L, await store.CountFramesAsync(session.Id));
            Check.That(frames[0].Key != frames[1].Key && frames[0].Envelope.SessionId == session.Id);
            await store.DeleteSessionAsync(session.Id);
        }
    }

    private static async Task EndAsync(ISessionStore store, SessionId id)
    {
        Check.That((await store.CloseSessionAsync(id, SessionStatus.TimedOut, "over")) is { IsClosed: true, Status: SessionStatus.TimedOut, CloseReason: "over" });
        Check.Same(["2", "3"], (await Lists.OfAsync(store.FollowFramesAsync(id))).Select(static frame => frame.RequestId?.Value));
        Check.That(await store.DeleteSessionAsync(id) && await store.GetSessionAsync(id) is null);
        Check.Equal(0L, await store.CountSessionsAsync());
    }
}
