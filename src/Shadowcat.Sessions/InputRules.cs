using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions;

/// <summary>What every store refuses before it does anything, in the same words: for whoever writes a store.</summary>
public static class InputRules
{
    /// <summary>Refuses an id that is <c>default</c>.</summary>
    /// <param name="id">The id.</param>
    /// <param name="parameter">Its name, for the error.</param>
    /// <exception cref="ArgumentException">It is <c>default</c>.</exception>
    public static void Id(SessionId id, [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        if (id.IsDefault)
        {
            throw new ArgumentException("A session id must not be empty.", parameter);
        }
    }

    /// <summary>Refuses ids of which one is <c>default</c>.</summary>
    /// <param name="ids">The ids.</param>
    /// <exception cref="ArgumentException">They are null, or one of them is <c>default</c>.</exception>
    public static void Ids(IReadOnlyList<SessionId> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        for (var i = 0; i < ids.Count; i++)
        {
            Id(ids[i], $"{nameof(ids)}[{i}]");
        }
    }

    /// <summary>Checks what <see cref="ISessionStore.CreateSessionAsync(Session, long, CancellationToken)"/> is given.</summary>
    /// <param name="session">The session.</param>
    /// <param name="firstSequence">Where its sequences begin.</param>
    /// <exception cref="ArgumentException">The session is null, or the sequence out of bounds.</exception>
    public static void Create(Session session, long firstSequence)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (firstSequence is < 0 or > SessionStoreLimits.MaxFirstSequence)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstSequence), firstSequence, $"A session begins at a sequence from 0 to {SessionStoreLimits.MaxFirstSequence}.");
        }

        StatusOfState(session);
    }

    /// <summary>Checks what <see cref="ISessionStore.UpdateSessionAsync"/> is given.</summary>
    /// <param name="session">The session.</param>
    /// <exception cref="ArgumentException">The session is null, or was never stored.</exception>
    public static void Update(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Version < 1)
        {
            throw new ArgumentException("An update takes a session that was read from the store; this one has no version.", nameof(session));
        }

        StatusOfState(session);
    }

    /// <summary>Checks what <see cref="ISessionStore.AddFrameAsync"/> is given.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="options">The bounds of the store.</param>
    /// <param name="parameter">Its name, for the error.</param>
    /// <exception cref="ArgumentException">The frame is null, or too large.</exception>
    public static void Frame(MessageEnvelope frame, SessionStoreOptions options, [CallerArgumentExpression(nameof(frame))] string parameter = "")
    {
        ArgumentNullException.ThrowIfNull(frame, parameter);
        ArgumentNullException.ThrowIfNull(options);
        if (frame.Payload.Length > options.MaxFrameBytes)
        {
            throw new ArgumentException(
                $"A payload has at most {options.MaxFrameBytes} bytes ({nameof(options.MaxFrameBytes)}); this one has {frame.Payload.Length}.", parameter);
        }
    }

    /// <summary>Checks what <see cref="ISessionStore.AddFramesAsync"/> is given.</summary>
    /// <param name="id">The session.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="options">The bounds of the store.</param>
    /// <exception cref="ArgumentException">The list is null, empty or too long, or a frame is null, too large, or of another session.</exception>
    public static void Frames(SessionId id, IReadOnlyList<MessageEnvelope> frames, SessionStoreOptions options)
    {
        Id(id);
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(options);
        if (frames.Count is 0 or > SessionStoreLimits.MaxBatchFrames)
        {
            throw new ArgumentException($"A batch has 1 to {SessionStoreLimits.MaxBatchFrames} frames; this one has {frames.Count}.", nameof(frames));
        }

        var bytes = 0L;
        for (var i = 0; i < frames.Count; i++)
        {
            Frame(frames[i], options, $"{nameof(frames)}[{i}]");
            if (frames[i].SessionId != id)
            {
                throw new ArgumentException("A batch has frames of one session; this one is of another.", $"{nameof(frames)}[{i}]");
            }

            bytes += frames[i].Payload.Length;
        }

        if (bytes > options.MaxBatchBytes)
        {
            throw new ArgumentException(
                $"The payloads of a batch have at most {options.MaxBatchBytes} bytes together ({nameof(options.MaxBatchBytes)}); these have {bytes}.", nameof(frames));
        }
    }

    /// <summary>Checks the size of a page.</summary>
    /// <param name="pageSize">How many sessions at most.</param>
    /// <exception cref="ArgumentException">It is out of bounds.</exception>
    public static void PageSize(int pageSize)
    {
        if (pageSize is < 1 or > SessionStoreLimits.MaxPageSize)
        {
            throw new ArgumentOutOfRangeException(nameof(pageSize), pageSize, $"A page has 1 to {SessionStoreLimits.MaxPageSize} sessions.");
        }
    }

    /// <summary>Checks what <see cref="ISessionStore.DeleteFramesAsync"/> is given.</summary>
    /// <param name="beforeSequence">Below which sequence frames go.</param>
    /// <exception cref="ArgumentException">It is negative.</exception>
    public static void BeforeSequence(long? beforeSequence)
    {
        if (beforeSequence is { } sequence)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(sequence, nameof(beforeSequence));
        }
    }

    /// <summary>The rule of <see cref="Session"/> for its status and state.</summary>
    private static void StatusOfState(Session session)
    {
        if (session.IsClosed == (session.Status == SessionStatus.Active))
        {
            throw new ArgumentException(
                $"A session has another status than Active exactly when its state is Closed; this one has the status {session.Status} and the state {session.State}. {nameof(Session.AsClosed)} sets both.",
                nameof(session));
        }
    }
}
