using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Updates a session by <c>update-session.lua</c>, and reads it where it is another one by now.</summary>
/// <param name="session">The session, as it was read and changed.</param>
/// <param name="operation">What makes a repetition the same call.</param>
/// <param name="options">The lifetimes of a session that has none.</param>
/// <param name="records">How long idempotency records stay.</param>
internal sealed class UpdateSession(Session session, string operation, SessionStoreOptions options, RecordLifetimes records) : RedisCommand<Session>
{
    /// <summary>How many are updated by one call of the script. The server answers no other caller meanwhile, for about 1 ms.</summary>
    private const int MaxTogether = 32;

    private static readonly ListScript Script = new("update-session", changesToken: true, MaxTogether, static partition => [partition.Active, partition.Expiry, partition.Index]);

    private readonly CallTries _tries = new();
    private RedisPartition? _partition;
    private Task<RedisResult>? _updating;
    private Task<Session?>? _reading;
    private string? _read;
    private Session? _result;

    public override Session Result => _result!;

    public override Task SendAsync(RedisTarget target)
    {
        _partition = target.Layout.PartitionOf(session.Id);
        return _read is not null
            ? _reading = ReadSessions.RunAsync(target.Database, _partition, Operations.UpdateSession, session.Id)
            : _updating = Script.AskAsync(target, session.Id, Shared(_partition), Own());
    }

    public override async ValueTask<bool> TryReadAsync()
    {
        if (_read is not null)
        {
            _result = Judge(await _reading!.ConfigureAwait(false) ?? throw _tries.Gone(Operations.UpdateSession, session.Id));
            return true;
        }

        var reply = await _tries.ObserveAsync(_updating!).ConfigureAwait(false);
        if (!ListScript.IsOfItsList(_partition!, session.Id, reply))
        {
            return false;
        }

        switch ((string?)reply[0])
        {
            case "updated":
                _result = SessionHash.Complete(session, options, ((RedisValue[])reply!).AsSpan(1));
                return true;
            case "repeated" or "conflict":
                _read = (string?)reply[0];
                return false;
            case "format":
                throw SessionHash.UnknownFormat(Operations.UpdateSession, session.Id, (RedisValue)reply[1]);
            case "damaged":
                throw SessionHash.Damaged(Operations.UpdateSession, session.Id);
            default:
                throw _tries.Gone(Operations.UpdateSession, session.Id);
        }
    }

    public override void Abandon()
    {
        if (_read is not null)
        {
            AbandonedReply.Observe(_reading!);
        }
        else
        {
            AbandonedReply.Observe(_updating!);
        }
    }

    /// <summary>The session as it is, where this update made it that; else the exception: a conflict, unless the update may have been carried out before the session ended.</summary>
    private Session Judge(Session current)
    {
        var isOther = current.Generation != session.Generation;
        return _read is "repeated" && !isOther ? current
            : isOther && (_read is "repeated" || _tries.MayArriveLate) ? throw CallTries.Ended(Operations.UpdateSession, session.Id)
            : throw new SessionConflictException(Operations.UpdateSession, current, session.Version);
    }

    private RedisValue[] Shared(RedisPartition partition) => [SessionHash.Format, (long)records.Repetition.TotalMilliseconds, partition.Changes, partition.Followed];

    private RedisValue[] Own() =>
    [
        session.Id.Value,
        SessionHash.Generation(session),
        session.Version,
        operation,
        SessionHash.Lifetime(session.TimeToLive ?? options.TimeToLive),
        SessionHash.Lifetime(session.MaxLifetime ?? options.MaxLifetime),
        SessionDescription.Write(session),
    ];
}
