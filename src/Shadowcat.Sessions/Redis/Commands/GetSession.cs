using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Reads one session.</summary>
internal sealed class GetSession(string operation, SessionId id) : RedisCommand<Session?>
{
    private SessionReading _reading;
    private Session? _session;
    private long? _noted;

    public override bool IsReady => true;

    public override Session? Result => _session;

    public override Task SendAsync(IDatabase database, RedisLayout layout)
    {
        _reading = SessionReading.Start(database, layout.PartitionOf(id), id, _noted);
        return _reading.Answer;
    }

    public override async ValueTask<bool> TryReadAsync()
    {
        (var isRead, _session, _noted) = await _reading.TryReadAsync(operation).ConfigureAwait(false);
        return isRead;
    }

    public override void Forget() => _reading.Forget();
}
