namespace Shadowcat.Sessions.Inspector;

/// <summary>Looks from time to time at a session that is followed: tells pages what changed of it, and whether the store is there. A follower waits through an outage, and says neither.</summary>
/// <param name="access">What may be read.</param>
/// <param name="session">The session, as the first page has read it.</param>
/// <param name="events">What pages are told.</param>
/// <param name="time">The clock.</param>
/// <param name="stop">Ends it.</param>
internal sealed class SessionWatch(SessionAccess access, Session session, RecentEvents events, TimeProvider time, CancellationToken stop)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private Task? _due;
    private long _looked = time.GetTimestamp();

    /// <summary>The session as it was when it was looked at last.</summary>
    public Session Session { get; private set; } = session;

    /// <summary>What says that the store cannot be reached; null while it can.</summary>
    public FollowEvent? Absence { get; private set; }

    /// <summary>How many frames a second come, by the last two looks or by whoever knows better.</summary>
    public double Growth { get; set; }

    /// <summary>Completes when the session is to be looked at.</summary>
    public Task Due => _due ??= Task.Delay(Interval, time, stop);

    /// <summary>Looks at the session if it is time to.</summary>
    /// <param name="isFarBehind">Whether pages lack so much of what a session has that they are told how much that is.</param>
    public async ValueTask LookIfDueAsync(Func<Session, bool> isFarBehind)
    {
        if (!Due.IsCompleted)
        {
            return;
        }

        _due = null;
        try
        {
            await LookAsync(isFarBehind).ConfigureAwait(false);
            await TellPresenceAsync().ConfigureAwait(false);
        }
        catch (SessionStoreException exception) when (exception.IsTransient)
        {
            await TellAbsenceAsync(exception).ConfigureAwait(false);
        }
    }

    /// <summary>Looks at the session.</summary>
    /// <exception cref="ProblemException">It is gone, or cannot be read.</exception>
    public async ValueTask LookAsync(Func<Session, bool> isFarBehind)
    {
        var before = Session;
        Session = await ReadAsync().ConfigureAwait(false);
        Growth = Math.Max(0, Session.FrameCount - before.FrameCount) / Math.Max(time.GetElapsedTime(_looked).TotalSeconds, Interval.TotalSeconds);
        _looked = time.GetTimestamp();
        if (Session.Version != before.Version || Session.Generation != before.Generation || Session.FirstSequence != before.FirstSequence || Session.ExpiresAt != before.ExpiresAt || isFarBehind(Session))
        {
            await events.PublishAsync(FollowEvent.OfSession(Session), stop).ConfigureAwait(false);
        }

        if (Session.Generation != before.Generation)
        {
            // Another session has its id now, which pages begin to follow anew.
            throw Problem.NoSession();
        }
    }

    /// <summary>The store cannot be reached; told once.</summary>
    public async ValueTask TellAbsenceAsync(SessionStoreException exception)
    {
        if (Absence is null)
        {
            Absence = FollowEvent.OfAbsence(exception);
            await events.PublishAsync(Absence, stop).ConfigureAwait(false);
        }
    }

    /// <summary>The store can be reached again; told where it could not.</summary>
    public async ValueTask TellPresenceAsync()
    {
        if (Absence is not null)
        {
            Absence = null;
            await events.PublishAsync(FollowEvent.Live, stop).ConfigureAwait(false);
        }
    }

    private async ValueTask<Session> ReadAsync()
    {
        try
        {
            return await access.ReadAsync(Session.Id, stop).ConfigureAwait(false) ?? throw Problem.NoSession();
        }
        catch (SessionSerializationException exception)
        {
            // One of a frame is passed over; this one is not.
            throw Problem.Of(exception)!;
        }
    }
}
