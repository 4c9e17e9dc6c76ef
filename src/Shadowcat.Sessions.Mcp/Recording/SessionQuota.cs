namespace Shadowcat.Sessions.Mcp;

/// <summary>Counts the sessions that clients began in this process and that the store still has, and says when that are enough.</summary>
/// <remarks>Ended sessions count for as long as they are kept. Which of them are gone is asked of the store only where a limit is reached, and once a second at most.</remarks>
internal sealed class SessionQuota(ISessionStore store, ClientLimits limits, TimeProvider clock)
{
    private const int LookedUpAtATime = 1000;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Principal> _principals = new(StringComparer.Ordinal);
    private long _remembered;
    private long _stored;
    private long? _countedAt;
    private long? _sweptAt;

    /// <summary>How many sessions are remembered.</summary>
    internal long Remembered
    {
        get
        {
            lock (_lock)
            {
                return _remembered;
            }
        }
    }

    /// <summary>Lets a principal begin a session.</summary>
    /// <param name="owner">The principal; null for a client that is not authenticated.</param>
    /// <param name="id">The session.</param>
    /// <param name="cancellationToken">Ends the asking of the store.</param>
    /// <returns>The name of the limit that is reached; null where the session may begin.</returns>
    /// <exception cref="SessionStoreException">The store could not be asked.</exception>
    public async ValueTask<string?> TryAddAsync(SessionOwner? owner, SessionId id, CancellationToken cancellationToken)
    {
        if (!await HasStoreRoomAsync(cancellationToken).ConfigureAwait(false))
        {
            return nameof(ClientLimits.MaxStoredSessions);
        }

        await SweepAsync(cancellationToken).ConfigureAwait(false);
        var (max, limit) = owner is null
            ? (limits.MaxAnonymousSessions, nameof(ClientLimits.MaxAnonymousSessions))
            : (limits.MaxSessionsPerPrincipal, nameof(ClientLimits.MaxSessionsPerPrincipal));
        var key = owner is null ? "" : CorrelatedSessionIds.Hash($"{owner.ClaimType}\n{owner.Issuer}\n{owner.Value}");
        if (TryAdd(key, id, max))
        {
            return null;
        }

        await ForgetGoneAsync(key, cancellationToken).ConfigureAwait(false);
        return TryAdd(key, id, max) ? null : limit;
    }

    private bool TryAdd(string key, SessionId id, int max)
    {
        lock (_lock)
        {
            if (!_principals.TryGetValue(key, out var principal))
            {
                _principals[key] = principal = new Principal();
            }

            if (principal.Sessions.Contains(id))
            {
                return true;
            }

            if (principal.Sessions.Count >= max)
            {
                return false;
            }

            principal.Sessions.Add(id);
            _remembered++;
            _stored++;
            return true;
        }
    }

    private async ValueTask<bool> HasStoreRoomAsync(CancellationToken cancellationToken)
    {
        bool isToCount;
        lock (_lock)
        {
            isToCount = IsDue(ref _countedAt);
        }

        if (isToCount)
        {
            var stored = await store.CountSessionsAsync(cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                _stored = stored;
            }
        }

        lock (_lock)
        {
            return _stored < limits.MaxStoredSessions;
        }
    }

    /// <summary>Keeps what is remembered from growing where many principals begin few sessions each.</summary>
    private async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        List<string> keys;
        lock (_lock)
        {
            if (_remembered <= Math.Max(limits.MaxSessionsPerPrincipal, limits.MaxAnonymousSessions) || _remembered <= _stored || !IsDue(ref _sweptAt))
            {
                return;
            }

            keys = [.. _principals.Keys];
        }

        foreach (var key in keys)
        {
            await ForgetGoneAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ForgetGoneAsync(string key, CancellationToken cancellationToken)
    {
        List<SessionId> known;
        Principal? principal;
        lock (_lock)
        {
            if (!_principals.TryGetValue(key, out principal) || !IsDue(ref principal.LookedAt))
            {
                return;
            }

            known = [.. principal.Sessions];
        }

        foreach (var ids in known.Chunk(LookedUpAtATime))
        {
            var found = await store.GetSessionsAsync(ids, cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                for (var i = 0; i < ids.Length; i++)
                {
                    _remembered -= found[i] is null && principal.Sessions.Remove(ids[i]) ? 1 : 0;
                }
            }
        }

        lock (_lock)
        {
            if (principal.Sessions.Count == 0)
            {
                _principals.Remove(key);
            }
        }
    }

    private bool IsDue(ref long? last)
    {
        if (last is { } then && clock.GetElapsedTime(then) < LookInterval)
        {
            return false;
        }

        last = clock.GetTimestamp();
        return true;
    }

    private sealed class Principal
    {
        public HashSet<SessionId> Sessions { get; } = [];

        public long? LookedAt;
    }
}
