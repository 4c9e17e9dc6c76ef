namespace Shadowcat.Sessions;

/// <summary>Appends the frames of any number of callers side by side, in one atomic step.</summary>
/// <remarks>
/// It is made once and stays as it is: where an attempt may have stored it, all of it is stored or nothing, and its first frame says which. Before the
/// first attempt it is known how many frames the session had; from there on the store looks for it when it is repeated.
/// </remarks>
internal sealed class AppendStep(SessionId id, IReadOnlyList<BufferedAppend> calls) : BufferedStep
{
    private readonly byte[][] _frames = calls is [var only] ? only.Encoded : [.. calls.SelectMany(call => call.Encoded)];
    private long _since;
    private Guid _generation;
    private long _sequence;

    public override IReadOnlyList<BufferedCall> Calls => calls;

    public override async Task SendAsync(ISessionStore store, SessionBacklog backlog)
    {
        var operation = calls[0].Operation;
        if (MayBeDone || backlog.Next is null)
        {
            await LookAsync(store, backlog, operation).ConfigureAwait(false);
        }

        if (!MayBeDone)
        {
            (_since, _generation) = (backlog.Next.GetValueOrDefault(), backlog.Generation);
        }

        try
        {
            var appends = (IRepeatableAppends)store;
            _sequence = await appends.AppendAsync(operation, id, _frames, _generation, MayBeDone ? _since : -1, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SessionStoreException exception) when (IsOutcomeUnknown(exception))
        {
            MayBeDone = true;
            throw;
        }

        backlog.Learn(_sequence + _frames.Length);
    }

    public override void Complete()
    {
        var sequence = _sequence;
        foreach (var call in calls)
        {
            call.Complete(sequence);
            sequence += call.Frames;
        }
    }

    private async Task LookAsync(ISessionStore store, SessionBacklog backlog, string operation)
    {
        if (await store.GetSessionAsync(id).ConfigureAwait(false) is not { } session)
        {
            backlog.Forget();
            throw new SessionNotFoundException(operation, id);
        }

        if (MayBeDone && (session.Generation != _generation || session.FrameCount < _since))
        {
            // Another life of the session, or one that lost its newest frames by a failover: its sequences do not say where the frames may stand.
            (_since, _generation) = (session.FirstSequence, session.Generation);
        }

        backlog.Learn(session);
    }
}
