namespace Shadowcat.Sessions.Redis;

/// <summary>Reads one session, together with those that other callers read at the same time.</summary>
internal sealed class GetSession(SessionId id) : RedisCommand<Session?>
{
    private static readonly BatchedScript<SessionId, SessionAnswer> Batched = new(
        ReadSessions.MaxTogether, static (database, partition, ids) => ReadSessions.AskAsync(database, partition, Operations.GetSession, ids));

    private Task<SessionAnswer>? _reading;
    private SessionAnswer _answer;

    public override Session? Result => _answer.Value;

    public override Task SendAsync(RedisTarget target) => _reading = target.Batch(Batched, id).RunAsync(id);

    public override async ValueTask<bool> TryReadAsync()
    {
        _answer = await _reading!.ConfigureAwait(false);
        return _answer.IsRead;
    }

    public override void Abandon() => AbandonedReply.Observe(_reading!);
}
