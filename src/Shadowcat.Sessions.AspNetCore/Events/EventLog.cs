using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The events of all streams of a transport's session, as the frames of one session of the store.</summary>
/// <remarks>
/// <para>One for all streams, since every call of a client is a stream: a session for each would cost two scripts and an index to
/// find them by when the session ends, where this costs one append more, the frame that says that a stream is over. What is replayed is read in one range from the
/// client's last event on; the events of other streams since then are read with it and passed over.</para>
/// <para>It is not the session that is recorded: an event and the recording of its message are two things, and a record outlives the session.</para>
/// </remarks>
internal sealed class EventLog(
    ISessionStore store,
    IOptions<SessionEventStoreOptions> options,
    TimeProvider? clock = null,
    IHttpContextAccessor? http = null,
    IOptions<ClientLimits>? limits = null)
{
    /// <summary>Old events go in as many steps as the log holds, so that not every append has to trim.</summary>
    private const int TrimmingSteps = 8;

    /// <summary>Tells these sessions from conversations.</summary>
    private static readonly SessionTags Tags = ["mcp.sse-events"];

    private readonly SessionQuota _quota = new(store, limits?.Value ?? new ClientLimits(), clock ?? TimeProvider.System);

    private readonly EventBytes _bytes = new(options.Value.MaxBytes);

    public TimeProvider Clock { get; } = clock ?? TimeProvider.System;

    public ISessionStore Store => store;

    /// <summary>The session of the store that holds the events of a transport's session.</summary>
    public static SessionId IdOf(string sessionId) => new($"events-{StorableText.HashOf(sessionId)}");

    /// <summary>Appends a frame. Where the store lost older ones, it goes behind them: who reads on from one of those is told, and who reads on from a newer one misses nothing.</summary>
    /// <exception cref="SessionNotFoundException">There is no log.</exception>
    public async ValueTask<long> AppendAsync(MessageEnvelope frame, CancellationToken cancellationToken)
    {
        long sequence;
        try
        {
            sequence = await store.AddFrameAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        catch (FramesLostException)
        {
            // Told once, and nothing was written.
            sequence = await store.AddFrameAsync(frame, cancellationToken).ConfigureAwait(false);
        }

        if (_bytes.Add(frame.SessionId, sequence, frame.Payload.Length) is { } first)
        {
            await store.DeleteFramesAsync(frame.SessionId, first, cancellationToken).ConfigureAwait(false);
        }

        var kept = options.Value.MaxEvents;
        if (sequence >= kept && sequence % Math.Max(1, kept / TrimmingSteps) == 0)
        {
            await store.DeleteFramesAsync(frame.SessionId, sequence + 1 - kept, cancellationToken).ConfigureAwait(false);
        }

        return sequence;
    }

    /// <summary>Tells whether what was asked for is not kept any longer, which is as if it had never been.</summary>
    public static bool IsGone(SessionStoreException exception) => exception is FramesTrimmedException or SessionNotFoundException;

    /// <summary>Tells whose streams are the caller's: null outside of a request, and where nobody is authenticated; false where nothing can be his: he is authenticated, and it is not known as whom.</summary>
    public bool TryGetCaller(out SessionOwner? caller)
    {
        caller = SessionOwner.From(User);
        return caller is not null || !Owners.IsAuthenticated(User);
    }

    /// <summary>Sees to it that there is a log.</summary>
    /// <exception cref="SessionNotFoundException">The session was deleted; a late event does not bring its log back.</exception>
    /// <exception cref="SessionLimitExceededException">The client has as many logs as it may have.</exception>
    public async ValueTask CreateAsync(string sessionId, SessionOwner? owner, CancellationToken cancellationToken)
    {
        var id = IdOf(sessionId);
        if (await _quota.TryAddAsync(owner, id, cancellationToken).ConfigureAwait(false) is { } limit)
        {
            MigrationMetrics.Refused.Add(1, new KeyValuePair<string, object?>("limit", limit));
            throw new SessionLimitExceededException(MigratingSessions.Beginning, id, limit, $"the client may not begin another log of events ({limit}).");
        }

        await store.CreateSessionAsync(
            new Session(id, TransportType.Sse)
            {
                // The same from every replica, so that it is created once, and not again once it was deleted.
                Generation = Guid.ParseExact(StorableText.HashOf($"generation:{id}"), "N"),
                Boundary = SessionBoundary.Connection,
                State = SessionState.Active,
                Owner = owner,
                Tags = Tags,
                TimeToLive = options.Value.TimeToLive,
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes the log of a session, if it is the caller's.</summary>
    public async ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken)
    {
        var id = IdOf(sessionId);
        if (await store.GetSessionAsync(id, cancellationToken).ConfigureAwait(false) is { } log && Owners.IsOf(log, User))
        {
            _bytes.Remove(id);
            await store.DeleteSessionAsync(id, cancellationToken).ConfigureAwait(false);
        }
    }

    private ClaimsPrincipal? User => http?.HttpContext?.User;
}
