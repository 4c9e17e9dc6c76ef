using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Shadowcat.Sessions;

/// <summary>Keeps what is recorded while the store behind it is away, in bounded memory, and stores it in order and exactly once when that serves again.</summary>
/// <remarks>
/// <para><b>Two ways to append.</b> <see cref="AddFrameAsync"/>, <see cref="AddFramesAsync"/> and <see cref="CreateSessionAsync(Session, CancellationToken)"/> promise what they promise of every store: they
/// complete when the store has it. Here an outage does not fail them: they wait until it is over, for as long as their cancellation token lets
/// them. <see cref="AcceptFrame"/>, <see cref="AcceptFrames"/> and <see cref="AcceptSession"/> are back at once: what they promise is said on <see cref="ISessionBuffer"/>. Both keep one
/// order: of a session, everything is stored in the order in which it came here, and that is why its sequence is not known before.</para>
/// <para><b>An outage</b> is reported by the store as a <see cref="SessionStoreUnavailableException"/> or <see cref="SessionTimeoutException"/>, or is a server at its memory
/// limit. It holds up the sessions that it was reported for: where one primary of a cluster is away, the sessions of the others pass. Any other answer of the store goes to
/// the caller. A session that ends while its frames wait takes them with it, and each of them fails; its time to live runs on through an outage.</para>
/// <para><b>Exactly once.</b> An append that was not answered may have been carried out, or be carried out later. Neither repeating it nor reading
/// first is safe then; only the store can look and append in one atomic step. So each frame has an idempotency key, and where the outcome is unknown
/// it is given to the store again with that key, together with how many frames the session had before: it finds them from there on, or appends them, and shuts
/// out whatever is still on its way. Where frames from there on were trimmed or deleted meanwhile it can no longer be known, and the caller gets a <see cref="FramesTrimmedException"/>.</para>
/// <para><b>In one session.</b> An id may be used again for another session (of another <see cref="Session.Generation"/>) while frames wait. They are meant for the one that the buffer knew of when they came:
/// the one whose create came before through this buffer, or that was read or written through it last; a session that a read saw is not taken back by another read at the same time that saw none, nor by a create that was refused. Where it knew of none (nothing of that id
/// went through this buffer, the last was deleted through it, or it is one of more than some 20 000 others ago), they are meant for the one that has the id
/// when the buffer looks: at once while the store serves, else first of all when it finds that the store serves again, at all such sessions together, before it goes on to store what waited; where only a
/// part of the store serves, at the latest right before they are stored. A session of that id that begins between the moment they came and that look cannot be distinguished from the one they were meant for. A delete
/// through the buffer ends what is known: what comes after it is for the next session. Where the session they are meant for has ended, they fail with
/// a <see cref="SessionNotFoundException"/>, or, where an unanswered attempt may have stored them before, with a
/// <see cref="SessionStoreUnavailableException"/> whose outcome is unknown; they are never stored in another one. A call that is awaited, and that no outage has held up, goes to the session that has the id when the
/// store carries it out, as with every store.</para>
/// <para><b>Frames that the server lost.</b> Where the store reports by a <see cref="FramesLostException"/> that the server lost frames which it had acknowledged, the buffer logs that and stores what it has behind
/// them: neither accepted nor awaited calls fail because of it. What the server lost was stored before, and is no longer in the buffer; readers get an exception that says that it is missing.</para>
/// <para><b>Everything else</b> goes to the store and fails as it does. Reading shows what is stored, not what waits; <see cref="GetKnownSessionAsync"/> may answer from
/// memory, and says so. An update is made of what was read, so it cannot wait. A delete comes after what was accepted before, so that nothing comes back; it fails while that waits.</para>
/// <para>Disposing stores what waits within <see cref="BufferedSessionStoreOptions.DrainTimeout"/> and gives up the rest. The store inside is not disposed of.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var buffer = new BufferedSessionStore(store);
/// buffer.AcceptSession(session);
/// var accepted = buffer.AcceptFrame(frame);           // back at once, also where the store is away
/// long sequence = await accepted.Stored;              // when the store has it
/// </code>
/// </example>
public sealed class BufferedSessionStore : DelegatingSessionStore, ISessionBuffer, ISessionStoreHealth, IAsyncDisposable, IDisposable
{
    private readonly SessionStoreOptions _options;
    private readonly SessionBuffer _buffer;
    private readonly RememberedSessions _remembered;
    private readonly TimeProvider _time;

    /// <summary>Puts a buffer in front of a store.</summary>
    /// <param name="inner">Any store that offers <see cref="IRepeatableAppends"/>, as the stores of this library do. It is not disposed of with this.</param>
    /// <param name="options">The options; null, the default, for their defaults.</param>
    /// <param name="logger">Logs outages and what is given up; null, the default, for no log.</param>
    /// <param name="meterFactory">Makes the meter it counts under; null, the default, for one that all such buffers of the process share.</param>
    /// <param name="timeProvider">Measures pauses and timeouts; null, the default, for the system's clock.</param>
    /// <exception cref="ArgumentException"><paramref name="inner"/> cannot distinguish a repeated append from a new one: the buffer belongs next to the store, other decorators around it.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of bounds.</exception>
    public BufferedSessionStore(
        ISessionStore inner,
        BufferedSessionStoreOptions? options = null,
        ILogger<BufferedSessionStore>? logger = null,
        IMeterFactory? meterFactory = null,
        TimeProvider? timeProvider = null)
        : base(inner)
    {
        var bounds = OptionRules.Checked(options ?? new BufferedSessionStoreOptions(), BufferedSessionStoreOptionsValidator.Instance);
        var appends = inner.GetService<IRepeatableAppends>() ?? throw new ArgumentException(
            $"A {inner.GetType().Name} cannot distinguish a repeated append from a new one, so it cannot be buffered: put the buffer next to the store, and other decorators around it.",
            nameof(inner));
        _options = inner.GetService<SessionStoreOptions>() ?? throw new ArgumentException(
            $"A {inner.GetType().Name} does not say what it was configured with, so it cannot be buffered: let its GetService answer for {nameof(SessionStoreOptions)}.", nameof(inner));
        _time = timeProvider ?? TimeProvider.System;
        _buffer = new SessionBuffer(inner, appends, bounds, _time, logger ?? NullLogger<BufferedSessionStore>.Instance, SessionMetrics.Of(meterFactory));
        _remembered = new RememberedSessions(bounds.RememberedSessions, _time);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">This has been disposed of.</exception>
    protected override ISessionStore InnerStore
    {
        get
        {
            _buffer.ThrowIfDisposed();
            return base.InnerStore;
        }
    }

    /// <inheritdoc/>
    /// <remarks>It can be read after disposing, too: then it says what became of what waited.</remarks>
    public SessionBufferStatus Status => _buffer.Status;

    /// <inheritdoc/>
    public Accepted<Session> AcceptSession(Session session)
    {
        InputRules.Create(session, firstSequence: 0);
        return Accept(new BufferedCreate(session, firstSequence: 0, isAccepted: true));
    }

    /// <inheritdoc/>
    public Accepted<long> AcceptFrame(MessageEnvelope frame)
    {
        InputRules.Frame(frame, _options);
        return Accept(new BufferedAppend(Operations.AddFrame, frame.SessionId, [IdempotentFrame.Copy(frame)], isAccepted: true));
    }

    /// <inheritdoc/>
    public Accepted<long> AcceptFrames(SessionId id, IReadOnlyList<MessageEnvelope> frames)
    {
        InputRules.Frames(id, frames, _options);
        return Accept(new BufferedAppend(Operations.AddFrames, id, Copied(frames), isAccepted: true));
    }

    /// <inheritdoc/>
    public async ValueTask<KnownSession?> GetKnownSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        try
        {
            return await GetSessionAsync(id, cancellationToken).ConfigureAwait(false) is { } session
                ? new KnownSession(session, isCurrent: true, _time.GetUtcNow())
                : null;
        }
        catch (SessionStoreException exception) when (exception is SessionStoreUnavailableException or SessionTimeoutException && _remembered.Find(id) is { } known)
        {
            return known;
        }
    }

    /// <inheritdoc/>
    /// <remarks>As the store inside; an outage makes it wait.</remarks>
    /// <exception cref="SessionLimitExceededException">The buffer is full; nothing was done.</exception>
    public override ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        CreateSessionAsync(session, firstSequence: 0, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>As the store inside; an outage makes it wait.</remarks>
    /// <exception cref="SessionLimitExceededException">The buffer is full; nothing was done.</exception>
    public override ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default)
    {
        InputRules.Create(session, firstSequence);
        return RememberAsync(WaitAsync(() => new BufferedCreate(session, firstSequence, isAccepted: false), cancellationToken));
    }

    /// <inheritdoc/>
    public override async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        var session = await _buffer.Sessions.GetAsync(id, cancellationToken).ConfigureAwait(false);
        Note(id, session);
        return session;
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default)
    {
        var sessions = await _buffer.Sessions.GetAsync(ids, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < sessions.Count; i++)
        {
            Note(ids[i], sessions[i]);
        }

        return sessions;
    }

    /// <inheritdoc/>
    public override ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        RememberAsync(_buffer.Sessions.UpdateAsync(session, cancellationToken));

    /// <inheritdoc/>
    /// <remarks>As the store inside, after everything that came for the session before; while that waits for a store that does not serve, it fails. What comes after it is for the next session of that id.</remarks>
    public override async ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        InputRules.Id(id);
        cancellationToken.ThrowIfCancellationRequested();
        await _buffer.PassAsync(Operations.DeleteSession, id, cancellationToken).ConfigureAwait(false);
        var deleted = await _buffer.Sessions.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
        _remembered.Remove(id);
        return deleted;
    }

    /// <inheritdoc/>
    /// <remarks>As the store inside, with those that wait for the same session in one call; an outage makes it wait. The first append to a session that was not created here reads it first: one round trip more.</remarks>
    /// <exception cref="SessionLimitExceededException">The session is full and <see cref="SessionStoreOptions.FrameOverflow"/> says to refuse, or the buffer is full; nothing is written.</exception>
    /// <exception cref="FramesTrimmedException">An earlier try was not answered, and frames were trimmed or deleted since: whether these were among them cannot be known.</exception>
    public override ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default)
    {
        InputRules.Frame(frame, _options);
        return WaitAsync(() => new BufferedAppend(Operations.AddFrame, frame.SessionId, [IdempotentFrame.Copy(frame)], isAccepted: false), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>As the store inside, with those that wait for the same session in one call; an outage makes it wait. The first append to a session that was not created here reads it first: one round trip more.</remarks>
    /// <exception cref="SessionLimitExceededException">The session is full and <see cref="SessionStoreOptions.FrameOverflow"/> says to refuse, or the buffer is full; nothing is written.</exception>
    /// <exception cref="FramesTrimmedException">An earlier try was not answered, and frames were trimmed or deleted since: whether these were among them cannot be known.</exception>
    public override ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default)
    {
        InputRules.Frames(id, frames, _options);
        return WaitAsync(() => new BufferedAppend(Operations.AddFrames, id, Copied(frames), isAccepted: false), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// As the store inside, but an outage makes it no worse than degraded for as long as the buffer takes in what is recorded; unhealthy where it is full. Degraded, too, while
    /// anything waits for a store that does not serve. What is no outage (credentials that are refused, a layout that disagrees) the buffer does not make up for.
    /// </remarks>
    public async ValueTask<SessionStoreHealth> CheckHealthAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var inside = await SessionStoreHealth.OfAsync(InnerStore, timeout, cancellationToken).ConfigureAwait(false);
        var (status, isFull) = (_buffer.Status, _buffer.IsFull);
        var health = inside.NoWorseThan(inside.IsOutage && !isFull ? HealthStatus.Degraded : HealthStatus.Unhealthy)
            .With(HealthFacts.BufferedFrames, status.WaitingFrames)
            .With(HealthFacts.BufferedBytes, status.WaitingBytes);
        return isFull ? health.With(HealthStatus.Unhealthy, "The buffer is full: what came last was refused.")
            : status.OutageSince is null ? health
            : health.With(HealthStatus.Degraded, "What is recorded waits in the buffer until the store serves.");
    }

    /// <summary>
    /// Stores what waits, within <see cref="BufferedSessionStoreOptions.DrainTimeout"/>, and gives up the rest: each caller gets a <see cref="SessionStoreUnavailableException"/>, and it is counted and logged. Each call that
    /// comes after disposing has begun throws an <see cref="ObjectDisposedException"/>; the store inside goes on.
    /// </summary>
    public ValueTask DisposeAsync() => _buffer.DisposeAsync();

    /// <summary>Waits for the store to take what is there, for <see cref="BufferedSessionStoreOptions.DrainTimeout"/> at most.</summary>
    internal Task DrainAsync() => _buffer.DrainAsync();

    /// <summary>Gives up what waits. <see cref="DisposeAsync"/> lets it be stored first. Each later call throws an <see cref="ObjectDisposedException"/>; the store inside goes on.</summary>
    public void Dispose() => _buffer.Close();

    private static IdempotentFrame[] Copied(IReadOnlyList<MessageEnvelope> frames) => [.. frames.Select(IdempotentFrame.Copy)];

    private Accepted<T> Accept<T>(BufferedCall<T> call)
    {
        _buffer.Add(call);
        return new Accepted<T>(call.Stored);
    }

    private async ValueTask<T> WaitAsync<T>(Func<BufferedCall<T>> make, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var call = make();
        _buffer.Add(call);
        try
        {
            return await call.Stored.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Where the caller was cancelled, and nothing was sent yet.
            _buffer.Withdraw(call);
        }
    }

    private async ValueTask<Session> RememberAsync(ValueTask<Session> writing) => _remembered.Note(await writing.ConfigureAwait(false));

    private void Note(SessionId id, Session? session)
    {
        if (session is not null)
        {
            _remembered.Note(session);
        }
        else
        {
            _remembered.Remove(id);
        }
    }
}
