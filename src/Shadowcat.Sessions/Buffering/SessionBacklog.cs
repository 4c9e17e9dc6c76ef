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

    /// <summary>Whether somebody works on it, or it is queued for that.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Whether it is queued because the store did not serve.</summary>
    public bool IsParked { get; set; }

    /// <summary>The last session that is to be created here, and is not yet; null where there is none. Guarded by the buffer's lock.</summary>
    public BufferedCreate? Create { get; private set; }

    /// <summary>Whether something may wait of which it is not known for which session it is meant. Guarded by the buffer's lock.</summary>
    public bool HasUnbound { get; private set; }

    /// <summary>How many frames the session has, at least; null where that is not known.</summary>
    public long? Next { get; private set; }

    /// <summary>The generation of the session that this is known of.</summary>
    public Guid Generation { get; private set; }

    public void Learn(Session session) => (Next, Generation) = (session.FrameCount, session.Generation);

    public void Learn(long next) => Next = next;

    public void MarkStale() => Next = null;

    /// <summary>Puts a call behind all others, and notes for which session it is meant.</summary>
    /// <param name="call">The call.</param>
    /// <param name="known">Which generation the id had last.</param>
    public void Add(BufferedCall call, KnownGenerations known)
    {
        call.CameAt = known.Moment();
        if (call is BufferedCreate create)
        {
            Create = create;
        }
        else if (call is BufferedAppend append)
        {
            var knownSince = 0L;
            var isForCreate = Create is { IsAccepted: true };
            append.Generation = isForCreate ? Create!.Session.Generation : known.Find(id, out knownSince);
            append.KnownSince = knownSince;
            append.IsBound = isForCreate || append.IsAccepted || IsParked;
            HasUnbound |= append.Generation == Guid.Empty;
        }

        call.Place = Waiting.AddLast(call);
    }

    /// <summary>Binds what waits, and is not bound yet, to the session that was seen.</summary>
    /// <param name="generation">Its generation; null where there was no session.</param>
    /// <param name="asOf">When the look began. What came later may be meant for a session that came later, too.</param>
    public void Bind(Guid? generation, long asOf)
    {
        if (!HasUnbound)
        {
            return;
        }

        HasUnbound = false;
        if (Step is CreateStep)
        {
            // What waits is meant for its session, or will be bound by whoever looks next.
            return;
        }

        foreach (var append in BeforeCreate().Where(static append => append.Generation == Guid.Empty))
        {
            append.Generation = generation.GetValueOrDefault();
            append.IsGone |= generation is null && append.CameAt < asOf;
            HasUnbound |= generation is null && !append.IsGone;
        }
    }

    /// <summary>Lets a create go that is settled. Where it was carried out, what came behind it is meant for its session, unless another one was seen after the create came.</summary>
    /// <param name="create">The create.</param>
    /// <param name="created">Its session; null where it was not created.</param>
    public void Settle(BufferedCreate create, Session? created)
    {
        Create = Create == create ? null : Create;
        HasUnbound |= created is null;
        if (created is not null)
        {
            foreach (var append in BeforeCreate().Where(append => append.Generation == Guid.Empty || append.KnownSince < create.CameAt))
            {
                append.Generation = created.Generation;
            }
        }
    }

    /// <summary>What waits before the next create.</summary>
    public IEnumerable<BufferedAppend> BeforeCreate() => Waiting.TakeWhile(static call => call is not BufferedCreate).OfType<BufferedAppend>();

    /// <summary>Holds up what waits: from now on it is for the session it is meant for, and for no other.</summary>
    public void Hold()
    {
        var step = Step as AppendStep;
        step?.Hold();
        if (step is { MayBeDone: false } && step.Generation == Guid.Empty)
        {
            // Nothing of it was done. It is put together anew when it is known for which session each of its calls is meant.
            (Step, HasUnbound) = (null, true);
            foreach (var append in step.Calls.OfType<BufferedAppend>().Reverse())
            {
                append.Place = Waiting.AddFirst(append);
            }
        }

        foreach (var append in Waiting.OfType<BufferedAppend>())
        {
            append.IsBound = true;
        }
    }

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
            && (appends.Count == 0 || (!oneCaller && append.GoesWith(appends[0]) && frames + append.Frames <= MaxFrames && bytes + append.Bytes <= MaxBytes)))
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

    /// <summary>Removes a call that its caller has taken back.</summary>
    public void Withdraw(BufferedCall call)
    {
        Remove(call);
        if (call == Create)
        {
            Create = Waiting.OfType<BufferedCreate>().LastOrDefault() ?? (Step as CreateStep)?.Call;
            HasUnbound = true;
        }
    }
}
