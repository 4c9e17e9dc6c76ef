namespace Shadowcat.Sessions;

/// <summary>Creates a session. It can be repeated as it is: the store knows the session by its generation.</summary>
internal sealed class CreateStep(BufferedCreate call) : BufferedStep
{
    private Session? _created;

    public override IReadOnlyList<BufferedCall> Calls { get; } = [call];

    public BufferedCreate Call => call;

    public override async Task SendAsync(BufferedReads sessions, SessionBacklog backlog)
    {
        try
        {
            _created = await sessions.Store.CreateSessionAsync(call.Session, call.FirstSequence).ConfigureAwait(false);
        }
        catch (SessionStoreException exception) when (IsOutcomeUnknown(exception))
        {
            MayBeDone = true;
            throw;
        }

        backlog.Learn(_created);
    }

    /// <remarks>An earlier attempt may have created it, and it may have ended before another one began that has the id now.</remarks>
    public override Exception FailureFor(BufferedCall call, Exception failure) => MayBeDone && failure is SessionAlreadyExistsException
        ? new SessionStoreUnavailableException(
            call.Operation, call.Id, "another session has the id, and an earlier attempt was not answered: whether this session was created before that is unknown.", outcomeUnknown: true, failure)
        : failure;

    public override void Complete() => call.Complete(_created!);
}
