using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions;

/// <summary>What every store refuses before it does anything, in the same words.</summary>
internal static class InputRules
{
    public static void Id(SessionId id, [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        if (id.IsDefault)
        {
            throw new ArgumentException("A session id must not be empty.", parameter);
        }
    }

    public static void Ids(IReadOnlyList<SessionId> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        for (var i = 0; i < ids.Count; i++)
        {
            Id(ids[i], $"{nameof(ids)}[{i}]");
        }
    }

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

    public static void Update(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Version < 1)
        {
            throw new ArgumentException("An update takes a session that was read from the store; this one has no version.", nameof(session));
        }

        StatusOfState(session);
    }

    public static void Frame(MessageEnvelope frame, SessionStoreOptions options, [CallerArgumentExpression(nameof(frame))] string parameter = "")
    {
        ArgumentNullException.ThrowIfNull(frame, parameter);
        if (frame.Payload.Length > options.MaxFrameBytes)
        {
            throw new ArgumentException(
                $"A payload has at most {options.MaxFrameBytes} bytes ({nameof(options.MaxFrameBytes)}); this one has {frame.Payload.Length}.", parameter);
        }
    }

    public static void Frames(SessionId id, IReadOnlyList<MessageEnvelope> frames, SessionStoreOptions options)
    {
        Id(id);
        ArgumentNullException.ThrowIfNull(frames);
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

    public static void PageSize(int pageSize)
    {
        if (pageSize is < 1 or > SessionStoreLimits.MaxPageSize)
        {
            throw new ArgumentOutOfRangeException(nameof(pageSize), pageSize, $"A page has 1 to {SessionStoreLimits.MaxPageSize} sessions.");
        }
    }

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
