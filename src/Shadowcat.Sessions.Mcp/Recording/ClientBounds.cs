namespace Shadowcat.Sessions.Mcp;

/// <summary>Holds the recording of clients over HTTP to <see cref="ClientLimits"/>. Sessions of <see cref="SessionRecorder.Begin"/> and of connections are not bounded.</summary>
internal sealed class ClientBounds(ISessionStore store, SessionRecordingOptions options, TimeProvider clock)
{
    private readonly ClientLimits _limits = options.ClientLimits ?? new ClientLimits();
    private readonly SessionQuota _quota = new(store, options.ClientLimits ?? new ClientLimits(), clock);

    /// <summary>Whether a session may begin.</summary>
    /// <exception cref="SessionStoreException">The store could not be asked.</exception>
    public async Task<bool> MayBeginAsync(RecordedSession session, Session described, CancellationToken cancellationToken)
    {
        if (!IsClients(session) || await _quota.TryAddAsync(described.Owner, described.Id, cancellationToken).ConfigureAwait(false) is not { } limit)
        {
            return true;
        }

        // A session that migration created, or that another replica records, has begun already.
        if (session.IsShared && await store.GetSessionAsync(described.Id, cancellationToken).ConfigureAwait(false) is not null)
        {
            return true;
        }

        RecordingMetrics.Refused.Add(1, new KeyValuePair<string, object?>("limit", limit));
        return false;
    }

    /// <summary>The greatest payload of which nothing is cut off, in the next message of a session.</summary>
    public int MaxBytes(RecordedSession session) => IsAnonymous(session) && !session.HasFrames ? Math.Min(options.MaxFrameBytes, _limits.MaxAnonymousFirstFrameBytes) : options.MaxFrameBytes;

    /// <summary>Counts a message of a session; false where the session is over its limit.</summary>
    public bool TryKeep(RecordedSession session, MessageEnvelope frame)
    {
        session.HasFrames = true;
        if (!IsAnonymous(session))
        {
            return true;
        }

        var kept = session.KeptBytes + frame.Payload.Length;
        if (kept > _limits.MaxAnonymousSessionBytes)
        {
            return false;
        }

        session.KeptBytes = kept;
        return true;
    }

    private static bool IsClients(RecordedSession session) => session.Key is not null;

    private static bool IsAnonymous(RecordedSession session) => IsClients(session) && session.Described.Owner is null;
}
