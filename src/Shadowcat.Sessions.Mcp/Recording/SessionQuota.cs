using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Holds the clients of this process to the limits on how many sessions they may begin. Safe for any number of threads.</summary>
/// <remarks>
/// A session counts until the store no longer has it, so one that has ended still counts. The store is asked how many sessions it has, and which of a client's are gone, once a second at most, and the latter only
/// where a limit is reached. Of each session its id stays in memory.
/// </remarks>
/// <example>
/// <code>
/// var quota = new SessionQuota(store, new ClientLimits { MaxAnonymousSessions = 100 });
/// if (await quota.TryAddAsync(owner: null, id, cancellationToken) is { } limit)
/// {
///     return Results.Problem($"Too many sessions ({limit}).", statusCode: 429);
/// }
/// </code>
/// </example>
public sealed class SessionQuota
{
    private const int LookupBatchSize = 1000;

    private static readonly TimeSpan LookupInterval = TimeSpan.FromSeconds(1);

    private readonly ISessionStore _store;
    private readonly ClientLimits _limits;
    private readonly TimeProvider _timeProvider;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Principal> _principals = new(StringComparer.Ordinal);
    private long _counted;
    private long _stored;
    private long? _countedAt;
    private long? _sweptAt;

    /// <summary>Begins to count.</summary>
    /// <param name="store">The store that has the sessions. It is not disposed of.</param>
    /// <param name="limits">The limits: <see cref="ClientLimits.MaxSessionsPerPrincipal"/>, <see cref="ClientLimits.MaxAnonymousSessions"/> and <see cref="ClientLimits.MaxStoredSessions"/>.</param>
    /// <param name="timeProvider">Measures the second between two questions to the store; null, the default, for the system's.</param>
    /// <exception cref="ArgumentNullException">The store or the limits are null.</exception>
    /// <exception cref="OptionsValidationException">A limit is out of bounds.</exception>
    public SessionQuota(ISessionStore store, ClientLimits limits, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(limits);
        _store = store;
        _limits = OptionRules.Checked(limits, ClientLimitsValidator.Instance);
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>How many sessions are counted.</summary>
    internal long Counted
    {
        get
        {
            lock (_lock)
            {
                return _counted;
            }
        }
    }

    /// <summary>Counts a session that a client is about to begin, where no limit is reached. A session that is counted already is not counted again.</summary>
    /// <param name="owner">The client's principal; null for a client that is not authenticated: all of these share one limit.</param>
    /// <param name="id">The session.</param>
    /// <param name="cancellationToken">Cancels the questions to the store.</param>
    /// <returns>Null where the session is counted and may begin; otherwise the name of the property of <see cref="ClientLimits"/> that is reached.</returns>
    /// <exception cref="SessionStoreException">The store could not be asked.</exception>
    public async ValueTask<string?> TryAddAsync(SessionOwner? owner, SessionId id, CancellationToken cancellationToken = default)
    {
        if (!await HasStoreCapacityAsync(cancellationToken).ConfigureAwait(false))
        {
            return nameof(ClientLimits.MaxStoredSessions);
        }

        await SweepAsync(cancellationToken).ConfigureAwait(false);
        var (max, limit) = owner is null
            ? (_limits.MaxAnonymousSessions, nameof(ClientLimits.MaxAnonymousSessions))
            : (_limits.MaxSessionsPerPrincipal, nameof(ClientLimits.MaxSessionsPerPrincipal));
        var key = owner is null ? "" : StorableText.HashOf($"{owner.ClaimType}\n{owner.Issuer}\n{owner.Value}");
        if (TryAdd(key, id, max))
        {
            return null;
        }

        await RemoveGoneAsync(key, cancellationToken).ConfigureAwait(false);
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
            _counted++;
            _stored++;
            return true;
        }
    }

    private async ValueTask<bool> HasStoreCapacityAsync(CancellationToken cancellationToken)
    {
        bool isToCount;
        lock (_lock)
        {
            isToCount = IsDue(ref _countedAt);
        }

        if (isToCount)
        {
            var stored = await _store.CountSessionsAsync(cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                _stored = stored;
            }
        }

        lock (_lock)
        {
            return _stored < _limits.MaxStoredSessions;
        }
    }

    /// <summary>Bounds the memory of the count where many principals begin few sessions each.</summary>
    private async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        List<string> keys;
        lock (_lock)
        {
            if (_counted <= Math.Max(_limits.MaxSessionsPerPrincipal, _limits.MaxAnonymousSessions) || _counted <= _stored || !IsDue(ref _sweptAt))
            {
                return;
            }

            keys = [.. _principals.Keys];
        }

        foreach (var key in keys)
        {
            await RemoveGoneAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask RemoveGoneAsync(string key, CancellationToken cancellationToken)
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

        foreach (var ids in known.Chunk(LookupBatchSize))
        {
            var found = await _store.GetSessionsAsync(ids, cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                for (var i = 0; i < ids.Length; i++)
                {
                    _counted -= found[i] is null && principal.Sessions.Remove(ids[i]) ? 1 : 0;
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
        if (last is { } then && _timeProvider.GetElapsedTime(then) < LookupInterval)
        {
            return false;
        }

        last = _timeProvider.GetTimestamp();
        return true;
    }

    private sealed class Principal
    {
        public HashSet<SessionId> Sessions { get; } = [];

        public long? LookedAt;
    }
}
