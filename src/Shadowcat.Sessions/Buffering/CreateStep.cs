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

    public override void Complete() => call.Complete(_created!);
}
