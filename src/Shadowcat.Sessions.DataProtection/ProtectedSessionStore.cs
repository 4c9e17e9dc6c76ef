using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Shadowcat.Sessions;

/// <summary>Encrypts what was said, in front of a store: payloads and metadata of frames, <see cref="Session.ClientInfo"/> and <see cref="Session.ServerInfo"/>. Whoever reads through it sees them as they were.</summary>
/// <remarks>
/// <para><b>What stays readable</b> for whoever can read the server: ids of sessions, what <see cref="SessionFilter"/> looks for (status, transport, tags, owner, times), versions, keys and the reason of the end;
/// of frames their direction, time, transport, kind, method, request and exchange id, flags, number and approximate size.</para>
/// <para><b>What is noticed</b>: a frame that was changed in any part, readable or not, that was put into another session, or never written by this application, is a
/// <see cref="SessionSerializationException"/>, and so is a peer of another session or of an earlier one of that id. Not noticed is what whoever can write to the server does to the order:
/// frames of one session left out, repeated or moved. The store assigns sequences after a frame was protected.</para>
/// <para><b>Keys</b> are the application's Data Protection's: they rotate by themselves, and frames are read with the key they were written with for as long as the key ring has it. Keep
/// the key ring where every replica reads it and where it outlives the sessions; a key that was revoked or lost takes with it what it protected. Where one is missing, a frame or session is
/// unreadable, and a listing passes it over.</para>
/// <para><b>Sizes</b> count as stored: some 150 bytes a frame and the metadata are added before <see cref="SessionStoreOptions.MaxFrameBytes"/> is looked at, and a peer may have some 48 000 bytes.</para>
/// <para>Archives that are exported through it are readable, as everything is that it returns. A cache in front of it keeps readable sessions in memory, and saves decrypting; one behind it keeps protected ones.</para>
/// <para>The store inside is not disposed of.</para>
/// </remarks>
public sealed class ProtectedSessionStore : ISessionStore, ISessionChanges, IFrameLimit, ISessionStoreHealth
{
    private const string Unprotected = $"it was stored without protection, and {nameof(ProtectedSessionStoreOptions)}.{nameof(ProtectedSessionStoreOptions.ReadUnprotected)} is off";
    private const string Undecryptable = "its key is not in the key ring, or it is not what was protected";

    private readonly ISessionStore _inner;
    private readonly PeerProtection _peers;
    private readonly FrameProtection _frames;
    private readonly bool _readsUnprotected;
    private readonly ILogger _logger;
    private readonly SessionMetrics _metrics;

    /// <summary>Puts encryption in front of a store.</summary>
    /// <param name="inner">The store. It is not disposed of with this.</param>
    /// <param name="provider">Data Protection, with keys that outlive the sessions. Whoever is to read the sessions needs the same application name and key ring.</param>
    /// <param name="options">What it is told; null for the defaults.</param>
    /// <param name="logger">Where it is said that a listing passed over a session; null for nowhere.</param>
    /// <param name="meterFactory">Makes the meter it counts under; null for one that all such stores of the process share.</param>
    /// <exception cref="ArgumentNullException"><paramref name="inner"/> or <paramref name="provider"/> is null.</exception>
    public ProtectedSessionStore(
        ISessionStore inner,
        IDataProtectionProvider provider,
        ProtectedSessionStoreOptions? options = null,
        ILogger<ProtectedSessionStore>? logger = null,
        IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(provider);
        _inner = inner;
        _peers = new PeerProtection(provider);
        _frames = new FrameProtection(provider);
        _readsUnprotected = options?.ReadUnprotected ?? false;
        _logger = logger ?? NullLogger<ProtectedSessionStore>.Instance;
        _metrics = SessionMetrics.Of(meterFactory);
    }

    TimeProvider ISessionChanges.TimeProvider => Changes.TimeProvider;

    long ISessionChanges.HeardUntil => Changes.HeardUntil;

    int IFrameLimit.MaxFrameBytes => IFrameLimit.Of(_inner);

    private ISessionChanges Changes => _inner as ISessionChanges
        ?? throw new NotSupportedException($"A {_inner.GetType().Name} does not tell of changes, so its sessions cannot be cached.");

    /// <inheritdoc/>
    public async ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        Unprotect(Operations.CreateSession, await _inner.CreateSessionAsync(Protect(Operations.CreateSession, session), cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default) =>
        Unprotect(Operations.CreateSession, await _inner.CreateSessionAsync(Protect(Operations.CreateSession, session), firstSequence, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
        await _inner.GetSessionAsync(id, cancellationToken).ConfigureAwait(false) is { } stored ? Unprotect(Operations.GetSession, stored) : null;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default)
    {
        var stored = await _inner.GetSessionsAsync(ids, cancellationToken).ConfigureAwait(false);
        return [.. stored.Select(session => session is null ? null : Unprotect(Operations.GetSessions, session))];
    }

    /// <inheritdoc/>
    public async ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default)
    {
        try
        {
            return Unprotect(Operations.UpdateSession, await _inner.UpdateSessionAsync(Protect(Operations.UpdateSession, session), cancellationToken).ConfigureAwait(false));
        }
        catch (SessionConflictException conflict)
        {
            throw new SessionConflictException(conflict.Operation, Unprotect(conflict.Operation, conflict.Current), session.Version);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default) => _inner.DeleteSessionAsync(id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> TouchSessionAsync(SessionId id, CancellationToken cancellationToken = default) => _inner.TouchSessionAsync(id, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, CancellationToken cancellationToken = default) =>
        ReadableAsync(_inner.ListSessionsAsync(filter, cancellationToken), CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask<SessionPage> ListSessionPageAsync(
        SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default)
    {
        var page = await _inner.ListSessionPageAsync(filter, pageSize, continuationToken, cancellationToken).ConfigureAwait(false);
        return page with { Sessions = [.. page.Sessions.Select(Readable).OfType<Session>()] };
    }

    /// <inheritdoc/>
    public ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) => _inner.CountSessionsAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await _inner.AddFrameAsync(Protect(Operations.AddFrame, frame), cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException exception) when (IsAboutSize(exception))
        {
            throw AsProtected(exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (frames is null || frames.Count is 0 or > SessionStoreLimits.MaxBatchFrames)
        {
            return await _inner.AddFramesAsync(id, frames!, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await _inner.AddFramesAsync(id, [.. frames.Select(frame => Protect(Operations.AddFrames, frame))], cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException exception) when (IsAboutSize(exception))
        {
            throw AsProtected(exception);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        UnprotectAsync(Operations.GetFrames, _inner.GetFramesAsync(id, range, cancellationToken), CancellationToken.None);

    /// <inheritdoc/>
    /// <remarks>Lends what was decrypted into memory of its own.</remarks>
    public IAsyncEnumerable<BorrowedFrame> BorrowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        new LentEnvelopes(UnprotectAsync(Operations.BorrowFrames, _inner.BorrowFramesAsync(id, range, cancellationToken), CancellationToken.None));

    /// <inheritdoc/>
    public IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        UnprotectAsync(Operations.FollowFrames, _inner.FollowFramesAsync(id, range, cancellationToken), CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask<long> CountFramesAsync(SessionId id, CancellationToken cancellationToken = default) => _inner.CountFramesAsync(id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default) =>
        _inner.DeleteFramesAsync(id, beforeSequence, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default) => _inner.ReapExpiredSessionsAsync(cancellationToken);

    ValueTask<SessionStoreHealth> ISessionStoreHealth.CheckHealthAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        SessionStoreHealth.OfAsync(_inner, timeout, cancellationToken);

    IDisposable ISessionChanges.Subscribe(ISessionChangeListener listener) => Changes.Subscribe(listener);

    long ISessionChanges.EarliestTimestampOf(DateTimeOffset moment) => Changes.EarliestTimestampOf(moment);

    /// <summary>Where the store inside refuses a size, it names the one it was shown.</summary>
    private static bool IsAboutSize(ArgumentException exception) => exception.Message.Contains(" bytes", StringComparison.Ordinal);

    private static ArgumentException AsProtected(ArgumentException exception) => new(
        exception.Message.Replace($" (Parameter '{exception.ParamName}')", " Sizes count once they are protected, and with the metadata.", StringComparison.Ordinal),
        exception.ParamName,
        exception);

    private static SessionStoreException NotProtected(string operation, SessionId id, CryptographicException cause) =>
        new(operation, id, "there is no key to protect it with; nothing was written.", cause);

    private Session Protect(string operation, Session session)
    {
        try
        {
            return session is null ? null! : _peers.Protect(session);
        }
        catch (CryptographicException exception)
        {
            throw NotProtected(operation, session.Id, exception);
        }
    }

    private MessageEnvelope Protect(string operation, MessageEnvelope frame)
    {
        try
        {
            return frame is null ? null! : _frames.Protect(frame);
        }
        catch (CryptographicException exception)
        {
            throw NotProtected(operation, frame.SessionId, exception);
        }
    }

    private Session Unprotect(string operation, Session stored)
    {
        if (!_readsUnprotected && new[] { stored.ClientInfo, stored.ServerInfo }.Any(static peer => peer is not null && !PeerProtection.IsProtected(peer)))
        {
            throw new SessionSerializationException(operation, stored.Id, Unprotected);
        }

        try
        {
            return _peers.Unprotect(stored);
        }
        catch (CryptographicException exception)
        {
            throw new SessionSerializationException(operation, stored.Id, Undecryptable, formatVersion: 1, innerException: exception);
        }
    }

    private MessageEnvelope Unprotect(string operation, MessageEnvelope stored)
    {
        if (!FrameProtection.IsProtected(stored))
        {
            return _readsUnprotected ? stored : throw new SessionSerializationException(operation, stored.SessionId, Unprotected, sequence: stored.Sequence);
        }

        try
        {
            return _frames.Unprotect(stored);
        }
        catch (CryptographicException exception)
        {
            throw new SessionSerializationException(operation, stored.SessionId, Undecryptable, formatVersion: 1, stored.Sequence, exception);
        }
    }

    private async IAsyncEnumerable<MessageEnvelope> UnprotectAsync(
        string operation, IAsyncEnumerable<MessageEnvelope> frames, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in frames.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return Unprotect(operation, stored);
        }
    }

    private async IAsyncEnumerable<MessageEnvelope> UnprotectAsync(
        string operation, IAsyncEnumerable<BorrowedFrame> frames, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var lent in frames.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var stored = lent.ToEnvelope();
            yield return Unprotect(operation, stored);
        }
    }

    private async IAsyncEnumerable<Session> ReadableAsync(IAsyncEnumerable<Session> sessions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in sessions.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (Readable(stored) is { } session)
            {
                yield return session;
            }
        }
    }

    /// <summary>The session for a listing; null where it cannot be read, which is counted.</summary>
    private Session? Readable(Session stored)
    {
        try
        {
            return Unprotect(Operations.ListSessions, stored);
        }
        catch (SessionSerializationException exception)
        {
            _metrics.UnreadableSessions.Add(1);
            Log.SessionUnreadable(_logger, exception.FormatVersion, exception);
            return null;
        }
    }
}
