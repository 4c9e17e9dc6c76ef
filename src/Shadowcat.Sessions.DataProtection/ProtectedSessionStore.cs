using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Shadowcat.Sessions.DataProtection;

/// <summary>
/// Encrypts what was said, in front of a store: payloads and metadata of frames, <see cref="Session.ClientInfo"/>, <see cref="Session.ServerInfo"/>, <see cref="Session.TransportSessionId"/> and <see cref="Session.Attributes"/>. Whoever
/// reads through it sees them as they were. A session is bound to its id, generation and <see cref="Session.Owner"/>, a frame to the id and generation of its session.
/// </summary>
/// <remarks>
/// <para><b>What stays readable</b> for whoever can read the server: ids of sessions, status, state, boundary, transport, tags, owner, times, versions, correlation keys and the reason of the end;
/// of frames their direction, time, transport, kind, method, request and exchange id, flags, number and approximate size.</para>
/// <para><b>What is noticed</b>, as a <see cref="SessionSerializationException"/>: a session whose owner, peers, transport id or attributes were changed, or that was never written by this application; a frame
/// that was changed in any part, readable or not, that was put into another session or a later one of that id, or was never written by this application.</para>
/// <para><b>What is not</b>: changes of status, tags and times; and what whoever can write to the server does to the order: frames of one session left out, repeated or moved, for the store assigns sequences after a
/// frame was protected; a session put back, as a whole, as it was before.</para>
/// <para><b>Keys</b> are the application's Data Protection's: they rotate by themselves, and frames are read with the key they were written with for as long as the key ring has it. Keep
/// the key ring where every replica reads it and where it outlives the sessions; a key that was revoked or lost takes with it what it protected. Where one is missing, a frame or session is
/// unreadable, and a listing passes it over.</para>
/// <para><b>Sizes</b> count as stored: some 150 bytes a frame and the metadata are added before <see cref="SessionStoreOptions.MaxFrameBytes"/> is looked at, and a peer may have some 48 000 bytes, the client together with transport id and attributes.</para>
/// <para>Archives that are exported through it are readable, as everything is that it returns. A cache and a buffer lie around it: they keep what is readable in the memory of the process.</para>
/// <para>The store inside is not disposed of.</para>
/// </remarks>
public sealed class ProtectedSessionStore : DelegatingSessionStore, IRepeatableAppends
{
    private readonly Protection _protection;
    private readonly ProtectedAppends _appends;
    private readonly UnreadableSessions _unreadable;

    /// <summary>Puts encryption in front of a store.</summary>
    /// <param name="inner">The store. It is not disposed of with this.</param>
    /// <param name="provider">Data Protection, with keys that outlive the sessions. Whoever is to read the sessions needs the same application name and key ring.</param>
    /// <param name="options">The options; null, the default, for their defaults.</param>
    /// <param name="logger">Logs the sessions that a listing passes over; null, the default, for no log.</param>
    /// <param name="meterFactory">Makes the meter it counts under; null for one that all such stores of the process share.</param>
    /// <exception cref="ArgumentNullException"><paramref name="inner"/> or <paramref name="provider"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="inner"/> is a cache or a buffer: these lie around the encryption.</exception>
    public ProtectedSessionStore(
        ISessionStore inner,
        IDataProtectionProvider provider,
        ProtectedSessionStoreOptions? options = null,
        ILogger<ProtectedSessionStore>? logger = null,
        IMeterFactory? meterFactory = null)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(provider);
        if (inner is CachedSessionStore or BufferedSessionStore)
        {
            throw new ArgumentException($"A {inner.GetType().Name} keeps or takes in what is readable: put it around the encryption, and the encryption next to the store.", nameof(inner));
        }

        _protection = new Protection(provider, options ?? new ProtectedSessionStoreOptions());
        _appends = new ProtectedAppends(inner, _protection);
        _unreadable = new UnreadableSessions(logger ?? NullLogger<ProtectedSessionStore>.Instance, meterFactory);
    }

    /// <inheritdoc/>
    public override ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) => CreateSessionAsync(session, firstSequence: 0, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default)
    {
        var stored = await InnerStore.CreateSessionAsync(_protection.Protect(Operations.CreateSession, session), firstSequence, cancellationToken).ConfigureAwait(false);
        return Noted(Operations.CreateSession, stored);
    }

    /// <inheritdoc/>
    public override async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        return await InnerStore.GetSessionAsync(id, cancellationToken).ConfigureAwait(false) is { } stored ? Noted(Operations.GetSession, stored) : null;
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default)
    {
        var stored = await InnerStore.GetSessionsAsync(ids, cancellationToken).ConfigureAwait(false);
        return [.. stored.Select(session => session is null ? null : _protection.Unprotect(Operations.GetSessions, session))];
    }

    /// <inheritdoc/>
    public override async ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default)
    {
        try
        {
            return Noted(Operations.UpdateSession, await InnerStore.UpdateSessionAsync(_protection.Protect(Operations.UpdateSession, session), cancellationToken).ConfigureAwait(false));
        }
        catch (SessionConflictException conflict)
        {
            throw new SessionConflictException(conflict.Operation, Noted(conflict.Operation, conflict.Current), session.Version);
        }
    }

    /// <inheritdoc/>
    /// <remarks>As the store inside. <see cref="SessionFilter.ClientName"/>, <see cref="SessionFilter.ServerName"/> and <see cref="SessionFilter.TransportSessionId"/> are encrypted there, so they are looked at here.</remarks>
    public override IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, CancellationToken cancellationToken = default) =>
        new ProtectedListing(InnerStore, Readable, filter).ReadAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>As the store inside; where the filter has a condition that is looked at here, up to 1000 sessions are read for a page, and the last of them twice where it ends among them.</remarks>
    public override ValueTask<SessionPage> ListSessionPageAsync(
        SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default) =>
        new ProtectedListing(InnerStore, Readable, filter).ReadPageAsync(pageSize, continuationToken, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>As the store inside. Where this object does not know the session it reads it first, one round trip more; with a store of the application's own, each time.</remarks>
    public override ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return frame is null ? InnerStore.AddFrameAsync(frame!, cancellationToken) : _appends.AppendAsync(Operations.AddFrame, frame.SessionId, [frame], cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>As the store inside. Where this object does not know the session it reads it first, one round trip more; with a store of the application's own, each time.</remarks>
    public override ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _appends.AppendAsync(Operations.AddFrames, id, frames, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>As the store inside, and reads the session first: one round trip more.</remarks>
    public override IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        UnprotectAsync(Operations.GetFrames, id, InnerStore.GetFramesAsync(id, range, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The frames are decrypted into memory of their own. Reads the session first.</remarks>
    public override IAsyncEnumerable<BorrowedFrame> BorrowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        UnprotectAsync(Operations.BorrowFrames, id, EnvelopesAsync(InnerStore.BorrowFramesAsync(id, range, cancellationToken), CancellationToken.None), cancellationToken).Borrow();

    /// <inheritdoc/>
    /// <remarks>As the store inside, and reads the session first: one round trip more.</remarks>
    public override IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        UnprotectAsync(Operations.FollowFrames, id, InnerStore.FollowFramesAsync(id, range, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override object? GetService(Type serviceType) =>
        serviceType == typeof(IRepeatableAppends) && !_appends.IsRepeatable ? null : base.GetService(serviceType);

    ValueTask<long> IRepeatableAppends.AppendAsync(
        string operation, SessionId id, IReadOnlyList<IdempotentFrame> frames, Guid generation, long since, CancellationToken cancellationToken) =>
        _appends.RepeatAsync(operation, id, frames, generation, since, cancellationToken);

    private static async IAsyncEnumerable<MessageEnvelope> EnvelopesAsync(IAsyncEnumerable<BorrowedFrame> frames, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var borrowed in frames.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return borrowed.ToEnvelope();
        }
    }

    private Session Noted(string operation, Session stored)
    {
        var session = _protection.Unprotect(operation, stored);
        _appends.Note(session.Id, session);
        return session;
    }

    private async IAsyncEnumerable<MessageEnvelope> UnprotectAsync(
        string operation, SessionId id, IAsyncEnumerable<MessageEnvelope> frames, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var generation = await _appends.ReadAsync(operation, id, cancellationToken).ConfigureAwait(false);
        await foreach (var stored in frames.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            MessageEnvelope frame;
            try
            {
                frame = _protection.Unprotect(operation, stored, generation);
            }
            catch (SessionSerializationException)
            {
                // The session may have come, or ended and another one come, between the two reads.
                var current = await _appends.ReadAsync(operation, id, cancellationToken).ConfigureAwait(false);
                if (current == generation)
                {
                    throw;
                }

                frame = generation == Guid.Empty ? _protection.Unprotect(operation, stored, current) : throw new SessionNotFoundException(operation, id);
                generation = current;
            }

            yield return frame;
        }
    }

    /// <summary>The session for a listing; null where it cannot be read, which is counted.</summary>
    private Session? Readable(Session stored)
    {
        try
        {
            return _protection.Unprotect(Operations.ListSessions, stored);
        }
        catch (SessionSerializationException exception)
        {
            _unreadable.PassOver(exception);
            return null;
        }
    }
}
