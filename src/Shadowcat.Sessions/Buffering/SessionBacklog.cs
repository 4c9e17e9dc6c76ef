namespace Shadowcat.Sessions;

/// <summary>What the store is still to do for one session, in its order, and what is known of that session.</summary>
/// <remarks>What waits is guarded by the buffer's lock. What is known belongs to whoever has taken the backlog; nobody else looks at it.</remarks>
internal sealed class SessionBacklog(SessionId id)
{
    private const int MaxFrames = 256;
    private const long MaxBytes = 512 * 1024;

    public SessionId Id => id;

    public LinkedList<BufferedCall> Waiting { get; } = new();

    /// <summary>What is on its way to the store, or was and has to be repeated.</summary>
    public BufferedStep? Step { get; set; }

    /// <summary>Whether somebody works on it, or it stands in line for that.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Whether it stands in line because the store did not serve.</summary>
    public bool IsParked { get; set; }

    /// <summary>How many frames the session has, at least; null where that is not known.</summary>
    public long? Next { get; private set; }

    /// <summary>Which life of the session that was known of.</summary>
    public Guid Generation { get; private set; }

    public void Learn(Session session) => (Next, Generation) = (session.FrameCount, session.Generation);

    public void Learn(long next) => Next = next;

    public void Forget() => Next = null;

    /// <summary>Takes what waits, as far as it can go in one step.</summary>
    /// <param name="oneCaller">Whether to take one caller's frames only, because one caller may be refused where another is not.</param>
    public BufferedStep? TakeStep(bool oneCaller)
    {
        if (Waiting.First is not { Value: var first })
        {
            return null;
        }

        if (first is not BufferedAppend)
        {
            Remove(first);
            return first is BufferedCreate create ? new CreateStep(create) : new BarrierStep((BufferedBarrier)first);
        }

        var appends = new List<BufferedAppend>();
        var (frames, bytes) = (0, 0L);
        while (Waiting.First?.Value is BufferedAppend append
            && (appends.Count == 0 || (!oneCaller && frames + append.Frames <= MaxFrames && bytes + append.Bytes <= MaxBytes)))
        {
            Remove(append);
            appends.Add(append);
            (frames, bytes) = (frames + append.Frames, bytes + append.Bytes);
        }

        return new AppendStep(id, appends);
    }

    public void Remove(BufferedCall call)
    {
        Waiting.Remove(call.Place!);
        call.Place = null;
    }
}
