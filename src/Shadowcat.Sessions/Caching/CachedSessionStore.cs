using System.Diagnostics.Metrics;

namespace Shadowcat.Sessions;

/// <summary>Keeps copies of the sessions that are read most, in front of a store. Frames are never kept.</summary>
/// <remarks>
/// <para>A read that finds a copy completes at once, without a round trip and without allocating. Of callers who miss the same session at the
/// same time, one reads it for all.</para>
/// <para><b>How current it is.</b> What is written through this object is seen by the next read from it, appends and touches too. What another
/// process creates, updates or deletes is seen as soon as its message arrives: milliseconds on a local network. Only
/// <see cref="Session.FrameCount"/>, <see cref="Session.FirstSequence"/>, <see cref="Session.LastActivity"/> and <see cref="Session.ExpiresAt"/>
/// of sessions that other processes append to may lag, by <see cref="CachedSessionStoreOptions.MaxStaleness"/> at most; writing goes by what is
/// stored, never by a copy. A session is not served from a copy at or after its deadline, by the store's clock.</para>
/// <para><b>Where changes are not received</b> — before the store is subscribed, while its connection is down, or where it may not subscribe — all copies
/// are dropped and every call goes to the store. The same bound of <see cref="CachedSessionStoreOptions.MaxStaleness"/> holds where a message
/// is lost on its way, or a process does not publish its changes (<c>RedisSessionStoreOptions.PublishChanges</c>).</para>
/// <para>Listing, counting and everything about frames goes to the store. The store inside is not disposed of.</para>
/// </remarks>
/// <example>
/// <code>
/// services.AddShadowcatSessions().UseRedis("localhost:6379").WithCaching();
///
/// // or by hand:
/// using var cached = new CachedSessionStore(store);
/// </code>
/// </example>
public sealed class CachedSessionStore : DelegatingSessionStore, ISessionStoreHealth, IDisposable
{
    private readonly SubscribedCache _cache;
    private readonly SessionMetrics _metrics;

    /// <summary>Puts a cache in front of a store.</summary>
    /// <param name="inner">Any store that offers <see cref="ISessionChanges"/>, as the stores of this library do. It is not disposed of with this.</param>
    /// <param name="options">The options; null, the default, for their defaults.</param>
    /// <param name="meterFactory">Makes the meter it counts under; null, the default, for one that all such caches of the process share.</param>
    /// <exception cref="ArgumentException"><paramref name="inner"/> does not notify of changes, so that copies could not be kept current.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of bounds.</exception>
    public CachedSessionStore(ISessionStore inner, CachedSessionStoreOptions? options = null, IMeterFactory? meterFactory = null)
        : base(inner)
    {
        var bounds = OptionRules.Checked(options ?? new CachedSessionStoreOptions(), CachedSessionStoreOptionsValidator.Instance);
        var changes = inner.GetService<ISessionChanges>()
            ?? throw new ArgumentException($"A {inner.GetType().Name} does not notify of changes, so its sessions cannot be cached.", nameof(inner));
        _cache = new SubscribedCache(changes, bounds);
        _metrics = SessionMetrics.Of(meterFactory);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">This has been disposed of.</exception>
    protected override ISessionStore InnerStore
    {
        get
        {
            ObjectDisposedException.ThrowIf(_cache.IsDisposed, this);
            return base.InnerStore;
        }
    }

    /// <summary>Whether reads are answered from copies now.</summary>
    internal bool IsCaching => _cache.Find(out _) is not null;

    /// <summary>How many copies there are.</summary>
    internal int Count => _cache.Count;

    /// <inheritdoc/>
    /// <remarks>From a copy, else as the store inside.</remarks>
    public override ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Session?>(cancellationToken);
        }

        if (_cache.Find(out var now) is not { } cache)
        {
            _metrics.Cached(CacheResult.Bypass);
            return InnerStore.GetSessionAsync(id, cancellationToken);
        }

        var isHit = cache.TryGet(id, now, out var session);
        _metrics.Cached(isHit ? CacheResult.Hit : CacheResult.Miss);
        return isHit ? new ValueTask<Session?>(session) : LoadAsync(cache, id, now, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>From copies; those that are missing as the store inside reads several.</remarks>
    public override ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default)
    {
        InputRules.Ids(ids);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<Session?>>(cancellationToken);
        }

        if (_cache.Find(out var now) is { } cache)
        {
            return LoadAsync(cache, ids, now, cancellationToken);
        }

        _metrics.Cached(CacheResult.Bypass, ids.Count);
        return InnerStore.GetSessionsAsync(ids, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        session is not null && _cache.Find(out var now) is { } cache
            ? WriteAsync(cache, now, session, static (store, created, token) => store.CreateSessionAsync(created, token), cancellationToken)
            : InnerStore.CreateSessionAsync(session!, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default) =>
        session is not null && _cache.Find(out var now) is { } cache
            ? WriteAsync(cache, now, session, (store, created, token) => store.CreateSessionAsync(created, firstSequence, token), cancellationToken)
            : InnerStore.CreateSessionAsync(session!, firstSequence, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        session is not null && _cache.Find(out var now) is { } cache
            ? WriteAsync(cache, now, session, static (store, updated, token) => store.UpdateSessionAsync(updated, token), cancellationToken)
            : InnerStore.UpdateSessionAsync(session!, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return _cache.Find(out var now) is { } cache
            ? InvalidateAsync(cache, cache.Begin(id, now), static (store, call, token) => store.DeleteSessionAsync(call, token), id, cancellationToken)
            : InnerStore.DeleteSessionAsync(id, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        return _cache.Find(out var now) is { } cache
            ? InvalidateAsync(
                cache, cache.Begin(id, now), static (store, call, token) => store.DeleteFramesAsync(call.id, call.beforeSequence, token), (id, beforeSequence), cancellationToken)
            : InnerStore.DeleteFramesAsync(id, beforeSequence, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>As the base, and the buffer inside: what that writes, the cache is notified of.</remarks>
    public override object? GetService(Type serviceType) =>
        base.GetService(serviceType) ?? (serviceType.IsAssignableTo(typeof(ISessionBuffer)) ? InnerStore.GetService(serviceType) : null);

    /// <inheritdoc/>
    /// <remarks>As the store inside, and whether reads are answered from copies. Where they are not, it is slower, and right.</remarks>
    public async ValueTask<SessionStoreHealth> CheckHealthAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var health = await SessionStoreHealth.OfAsync(InnerStore, timeout, cancellationToken).ConfigureAwait(false);
        return health.With(HealthFacts.CacheCurrent, IsCaching).With(HealthFacts.CachedSessions, Count);
    }

    /// <summary>Drops the copies and ends the subscription to changes. Each later call throws an <see cref="ObjectDisposedException"/>; the store inside goes on.</summary>
    public void Dispose() => _cache.Dispose();

    private async ValueTask<Session?> LoadAsync(SessionCache cache, SessionId id, long now, CancellationToken cancellationToken)
    {
        var read = cache.JoinRead(id, now, out var isNew);
        if (isNew)
        {
            // Not cancelled with its first caller: others may wait for it.
            _ = FillAsync(cache, read);
        }

        return await read.Answer!.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task FillAsync(SessionCache cache, PendingCall read)
    {
        try
        {
            if (cache.TryGet(read.Id, read.Begun, out var session))
            {
                // Another read came back just before this one began.
                cache.EndUnused(read);
            }
            else
            {
                session = await InnerStore.GetSessionAsync(read.Id, CancellationToken.None).ConfigureAwait(false);
                cache.EndRead(read, session);
            }

            read.Answer!.SetResult(session);
        }
#pragma warning disable CA1031 // Whatever went wrong, the callers that wait have to get it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            cache.EndUnused(read);
            read.Answer!.SetException(exception);
            _ = read.Answer.Task.Exception; // where all who waited were cancelled, nobody else looks at it
        }
    }

    private async ValueTask<IReadOnlyList<Session?>> LoadAsync(SessionCache cache, IReadOnlyList<SessionId> ids, long now, CancellationToken cancellationToken)
    {
        var sessions = new Session?[ids.Count];
        var missing = new List<int>();
        for (var i = 0; i < sessions.Length; i++)
        {
            if (!cache.TryGet(ids[i], now, out sessions[i]))
            {
                missing.Add(i);
            }
        }

        _metrics.Cached(CacheResult.Hit, sessions.Length - missing.Count);
        _metrics.Cached(CacheResult.Miss, missing.Count);
        if (missing.Count == 0)
        {
            return sessions;
        }

        var reads = missing.ConvertAll(i => cache.Begin(ids[i], now));
        try
        {
            var read = await InnerStore.GetSessionsAsync(reads.ConvertAll(pending => pending.Id), cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < reads.Count; i++)
            {
                sessions[missing[i]] = read[i];
                cache.EndRead(reads[i], read[i]);
            }

            return sessions;
        }
        catch
        {
            reads.ForEach(cache.EndUnused);
            throw;
        }
    }

    private async ValueTask<Session> WriteAsync(
        SessionCache cache, long now, Session session, Func<ISessionStore, Session, CancellationToken, ValueTask<Session>> call, CancellationToken cancellationToken)
    {
        var pending = cache.Begin(session.Id, now);
        try
        {
            var written = await call(InnerStore, session, cancellationToken).ConfigureAwait(false);
            cache.EndWrite(pending, written);
            return written;
        }
        catch (SessionConflictException conflict)
        {
            cache.EndRead(pending, conflict.Current);
            throw;
        }
        catch
        {
            cache.EndUnknown(pending);
            throw;
        }
    }

    /// <summary>Makes a call after which the session has to be read anew, whether or not it succeeded.</summary>
    private async ValueTask<TResult> InvalidateAsync<TCall, TResult>(
        SessionCache cache, PendingCall pending, Func<ISessionStore, TCall, CancellationToken, ValueTask<TResult>> call, TCall argument, CancellationToken cancellationToken)
    {
        try
        {
            return await call(InnerStore, argument, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            cache.EndUnknown(pending);
        }
    }
}
