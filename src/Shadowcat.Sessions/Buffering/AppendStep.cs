namespace Shadowcat.Sessions;

/// <summary>Appends the frames of any number of callers side by side, in one atomic step, to the session they are meant for.</summary>
/// <remarks>
/// It is made once and stays as it is: where an attempt may have stored it, all of it is stored or nothing, and its first frame says which. Before the
/// first attempt it is known which generation of the session it goes to, and how many frames that had; from there on the store looks for it when it is repeated. No
/// repetition goes to another generation.
/// </remarks>
internal sealed class AppendStep(SessionId id, IReadOnlyList<BufferedAppend> calls) : BufferedStep
{
    private readonly IReadOnlyList<IdempotentFrame> _frames = calls is [var only] ? only.Appended : [.. calls.SelectMany(static call => call.Appended)];

    // The calls' own may change while this is under way.
    private readonly bool _isGone = calls[0].IsGone;
    private bool _isBound = calls[0].IsBound;
    private bool _wereFramesLost;
    private long _since;
    private long _sequence;

    public override IReadOnlyList<BufferedCall> Calls => calls;

    /// <summary>The generation of the session that it goes to; <see cref="Guid.Empty"/> where that is not known yet.</summary>
    public Guid Generation { get; private set; } = calls[0].Generation;

    /// <summary>From now on it is for the session of its generation, and for no other.</summary>
    public void Hold() => _isBound = true;

    public override async Task SendAsync(BufferedReads sessions, SessionBacklog backlog)
    {
        var operation = calls[0].Operation;
        await PrepareAsync(sessions, backlog, operation).ConfigureAwait(false);
        while (true)
        {
            try
            {
                _sequence = await sessions.Appends.AppendAsync(operation, id, _frames, Generation, MayBeDone ? _since : -1, CancellationToken.None).ConfigureAwait(false);
                backlog.Learn(_sequence + _frames.Count);
                return;
            }
            catch (SessionStoreException exception) when (IsOutcomeUnknown(exception))
            {
                MayBeDone = true;
                throw;
            }
            catch (SessionNotFoundException)
            {
                backlog.MarkStale();
                var ended = Generation;
                sessions.End(id, ended);
                if (MayBeDone || _isBound)
                {
                    throw;
                }

                // Nothing was done, and nothing has held it up: it goes to the session that has the id now, as with every store.
                await LookAsync(sessions, backlog, operation).ConfigureAwait(false);
                if (Generation == ended)
                {
                    throw;
                }
            }
        }
    }

    public override bool TryRepeatAfterLoss()
    {
        var isFirst = !_wereFramesLost;
        _wereFramesLost = true;
        MayBeDone = true; // only the reply of a push reports a loss
        return isFirst;
    }

    public override Exception FailureFor(BufferedCall call, Exception failure) => MayBeDone && failure is SessionNotFoundException
        ? new SessionStoreUnavailableException(
            call.Operation, id, "the session has ended, and an earlier attempt was not answered: whether it stored this in the session before that is unknown.", outcomeUnknown: true, failure)
        : failure;

    public override void Complete()
    {
        var sequence = _sequence;
        foreach (var call in calls)
        {
            call.Complete(sequence);
            sequence += call.Frames;
        }
    }

    private async ValueTask PrepareAsync(BufferedReads sessions, SessionBacklog backlog, string operation)
    {
        if (_isGone)
        {
            throw new SessionNotFoundException(operation, id);
        }

        if (MayBeDone)
        {
            var session = await LookAsync(sessions, backlog, operation).ConfigureAwait(false);
            if (_wereFramesLost || session.FrameCount < _since)
            {
                // It lost its newest frames by a failover: where these may stand is not known.
                _since = session.FirstSequence;
            }

            return;
        }

        if (backlog.Next is null || Generation == Guid.Empty || backlog.Generation != Generation)
        {
            await LookAsync(sessions, backlog, operation).ConfigureAwait(false);
        }

        _since = backlog.Next.GetValueOrDefault();
    }

    /// <summary>Looks at the session that has the id.</summary>
    /// <exception cref="SessionNotFoundException">There is none, or not the one that this is meant for.</exception>
    private async ValueTask<Session> LookAsync(BufferedReads sessions, SessionBacklog backlog, string operation)
    {
        backlog.MarkStale();
        var session = await sessions.GetAsync(id).ConfigureAwait(false);
        if (session is null || (session.Generation != Generation && Generation != Guid.Empty && (MayBeDone || _isBound)))
        {
            throw new SessionNotFoundException(operation, id);
        }

        Generation = session.Generation;
        backlog.Learn(session);
        _since = MayBeDone ? _since : session.FrameCount;
        return session;
    }
}
