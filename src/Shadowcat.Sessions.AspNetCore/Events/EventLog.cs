using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The events of all streams of a transport's session, as the frames of one session of the store.</summary>
/// <remarks>
/// <para>All streams share one log, since every call of a client is a stream: a session for each would cost two scripts, and an index to find them when the session ends. This costs one append more, the
/// frame that ends a stream. A replay reads one range from the client's last event on, and skips the events of other streams.</para>
/// <para>The log is not the recorded session: an event is not the recording of its message, and a recording is kept longer than the session.</para>
/// </remarks>
internal sealed class EventLog(
    ISessionStore store,
    IOptions<SessionEventStoreOptions> options,
    TimeProvider? clock = null,
    IHttpContextAccessor? http = null,
    IOptions<ClientLimits>? limits = null)
{
    /// <summary>A full log is trimmed by this fraction of it, so that not every append has to trim.</summary>
    private const int TrimsPerLog = 8;

    /// <summary>Distinguishes these sessions from recorded ones.</summary>
    private static readonly SessionTags Tags = ["mcp.sse-events"];

    private readonly SessionQuota _quota = new(store, limits?.Value ?? new ClientLimits(), clock ?? TimeProvider.System);

    private readonly EventBytes _bytes = new(options.Value.MaxBytes);

    public TimeProvider Clock { get; } = clock ?? TimeProvider.System;

    public ISessionStore Store => store;

    /// <summary>The session of the store that holds the events of a transport's session.</summary>
    public static SessionId IdOf(string sessionId) => new($"events-{StorableText.HashOf(sessionId)}");

    /// <summary>Appends a frame. Where the store lost older ones, it is appended behind them: reading from a lost one fails, and reading from a newer one misses nothing.</summary>
    /// <exception cref="SessionNotFoundException">The log does not exist.</exception>
    public async ValueTask<long> AppendAsync(MessageEnvelope frame, CancellationToken cancellationToken)
    {
        long sequence;
        try
        {
            sequence = await store.AddFrameAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        catch (FramesLostException)
        {
            // This is thrown once for a loss, and nothing was written.
            sequence = await store.AddFrameAsync(frame, cancellationToken).ConfigureAwait(false);
        }

        if (_bytes.Add(frame.SessionId, sequence, frame.Payload.Length) is { } first)
        {
            await store.DeleteFramesAsync(frame.SessionId, first, cancellationToken).ConfigureAwait(false);
        }

        var kept = options.Value.MaxEvents;
        if (sequence >= kept && sequence % Math.Max(1, kept / TrimsPerLog) == 0)
        {
            await store.DeleteFramesAsync(frame.SessionId, sequence + 1 - kept, cancellationToken).ConfigureAwait(false);
        }

        return sequence;
    }

    /// <summary>Whether an exception means that the events are no longer kept.</summary>
    public static bool IsGone(SessionStoreException exception) => exception is FramesTrimmedException or SessionNotFoundException;

    /// <summary>Gets the owner of the caller's streams: null outside of a request and for an unauthenticated caller. False for a caller who is authenticated without an identifying claim: no stream can belong to such a one.</summary>
    public bool TryGetCaller(out SessionOwner? caller)
    {
        caller = SessionOwner.From(User);
        return caller is not null || !Owners.IsAuthenticated(User);
    }

    /// <summary>Creates the log where there is none.</summary>
    /// <exception cref="SessionNotFoundException">The session was deleted. A late event does not create its log again.</exception>
    /// <exception cref="SessionLimitExceededException">The client has too many logs.</exception>
    public async ValueTask CreateAsync(string sessionId, SessionOwner? owner, CancellationToken cancellationToken)
    {
        var id = IdOf(sessionId);
        if (await _quota.TryAddAsync(owner, id, cancellationToken).ConfigureAwait(false) is { } limit)
        {
            MigrationMetrics.Refused.Add(1, new KeyValuePair<string, object?>("limit", limit));
            throw new SessionLimitExceededException(MigratingSessions.CreateOperation, id, limit, $"the client has as many event logs as it may have ({limit}).");
        }

        await store.CreateSessionAsync(
            new Session(id, TransportType.Sse)
            {
                // The same from every replica, so that the log is created once, and not again after it was deleted.
                Generation = Guid.ParseExact(StorableText.HashOf($"generation:{id}"), "N"),
                Boundary = SessionBoundary.Connection,
                State = SessionState.Active,
                Owner = owner,
                Tags = Tags,
                TimeToLive = options.Value.TimeToLive,
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes the log of a session, if it belongs to the caller.</summary>
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
