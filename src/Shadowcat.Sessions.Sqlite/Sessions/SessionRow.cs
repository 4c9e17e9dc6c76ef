namespace Shadowcat.Sessions.Sqlite;

/// <summary>What a row of sessions says, but for what the application owns; and where the session's newest frame lies.</summary>
internal sealed record SessionRow
{
    public required long Key { get; init; }

    public required Guid Generation { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was stored, by the clock.</summary>
    public required DateTimeOffset Born { get; init; }

    /// <summary>The last activity that was noted.</summary>
    public required DateTimeOffset Active { get; init; }

    /// <summary>How far that was ahead of the clock, because the clock was set back.</summary>
    public required TimeSpan Ahead { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required TimeSpan TimeToLive { get; init; }

    public required TimeSpan? MaxLifetime { get; init; }

    /// <summary>Until then an append need not note its activity.</summary>
    public required DateTimeOffset Quiet { get; init; }

    /// <summary>The sequence of the frame with the number 0.</summary>
    public required long Base { get; init; }

    /// <summary>The oldest sequence that is kept; <see cref="End"/> where none is.</summary>
    public required long First { get; init; }

    /// <summary>Up to which sequence the bytes of frames were counted.</summary>
    public required long Counted { get; init; }

    /// <summary>The bytes of the kept frames below <see cref="Counted"/>.</summary>
    public required long Bytes { get; init; }

    /// <summary>The sequence that the next frame gets.</summary>
    public required long End { get; init; }

    /// <summary>What the store owns of the session.</summary>
    public StoredSessionPart Stored => new()
    {
        CreatedAt = Created,
        TimeToLive = TimeToLive,
        MaxLifetime = MaxLifetime,
        LastActivity = Active,
        ExpiresAt = Expires,
        FrameCount = End,
        FirstSequence = First,
        Version = Version,
    };

    public bool IsLive(DateTimeOffset now) => Expires > now;

    /// <summary>The place of a frame of the session.</summary>
    public long PlaceOf(long sequence) => FramePlace.Of(Key, sequence - Base);

    /// <summary>The session with activity noted now, which moves the deadline.</summary>
    /// <remarks>Where the clock went back, the session's own time goes on from its last activity by what the clock has advanced since, so that a session in use has a deadline that is late enough when the clock is set right again.</remarks>
    public SessionRow WithActivity(DateTimeOffset now)
    {
        var isForward = now > Active - Ahead;
        var active = isForward ? now + Ahead : Active;
        return this with
        {
            Active = active,
            Ahead = isForward ? Ahead : Active - now,
            Expires = SessionLifetime.Deadline(Expires, active, Born, TimeToLive, MaxLifetime),
            Quiet = DateTimeOffset.UnixEpoch,
        };
    }

    /// <summary>Whether an append need not note its activity: one that did was a moment ago, and the clock was not set back since.</summary>
    public bool IsQuiet(DateTimeOffset now) => now >= Active - Ahead && now < Quiet;

    /// <summary>Says from when on an append has to note its activity again: when the deadline has to move, or a step later where it cannot.</summary>
    public SessionRow WithQuiet(DateTimeOffset now) =>
        this with { Quiet = Born + MaxLifetime <= Expires ? now + SessionLifetime.Step(TimeToLive) : Expires - TimeToLive - Ahead };

    /// <summary>The session that this and its description are.</summary>
    /// <param name="operation">The operation, for errors.</param>
    /// <param name="id">Its id.</param>
    /// <param name="description">The description.</param>
    /// <exception cref="SessionSerializationException">The description cannot be read.</exception>
    public Session ToSession(string operation, SessionId id, ReadOnlySpan<byte> description)
    {
        if (!SessionDescription.TryRead(description, out var read, out var error))
        {
            throw Unreadable(operation, id, error);
        }

        try
        {
            return read.ToSession(id, Generation, Stored);
        }
        catch (ArgumentException exception)
        {
            throw Unreadable(operation, id, exception);
        }
    }

    private static SessionSerializationException Unreadable(string operation, SessionId id, Exception? cause) =>
        new(operation, id, "the description of the session cannot be read", StoreLayout.Version, sequence: null, cause);
}
