using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Creates one session by <c>create-session.lua</c>, together with those that other callers create at the same time.</summary>
/// <param name="session">The session.</param>
/// <param name="firstSequence">The sequence its frames begin at.</param>
/// <param name="options">The lifetimes of a session that has none.</param>
/// <param name="records">How long idempotency records stay.</param>
internal sealed class CreateSession(Session session, long firstSequence, SessionStoreOptions options, RecordLifetimes records) : RedisCommand<Session>
{
    /// <summary>How many are created by one call of the script. The server answers no other caller meanwhile, for about 1 ms.</summary>
    private const int MaxTogether = 64;

    private const int FixedKeys = 4;
    private const int FixedArguments = 4;
    private const int ArgumentsOfASession = 9;

    private static readonly RedisScript Script = new("create-session");
    private static readonly BatchedScript<SessionToCreate, RedisResult> Batched = new(MaxTogether, AskAsync);

    private readonly CallTries _tries = new();
    private Task<Session>? _creating;
    private Session? _created;

    public override Session Result => _created!;

    public override Task SendAsync(RedisTarget target) => _creating = CreateAsync(target);

    public override async ValueTask<bool> TryReadAsync()
    {
        _created = await _creating!.ConfigureAwait(false);
        return true;
    }

    public override void Abandon() => AbandonedReply.Observe(_creating!);

    /// <summary>Sends the script for up to <see cref="MaxTogether"/> sessions of one partition.</summary>
    /// <returns>What is answered for each.</returns>
    public static async Task<RedisResult[]> AskAsync(IDatabase database, RedisPartition partition, SessionToCreate[] sessions)
    {
        var keys = new RedisKey[FixedKeys + sessions.Length];
        var arguments = new RedisValue[FixedArguments + (ArgumentsOfASession * sessions.Length)];
        (keys[0], keys[1], keys[2], keys[3]) = (partition.Active, partition.Expiry, partition.Index, partition.Operations);
        arguments[0] = SessionHash.Format;
        arguments[1] = (long)sessions[0].Records.Ended.TotalMilliseconds;
        arguments[2] = (long)sessions[0].Records.Brief.TotalMilliseconds;
        arguments[3] = partition.Changes;
        var (key, argument) = (FixedKeys, FixedArguments);
        foreach (var create in sessions)
        {
            var session = create.Session;
            keys[key++] = partition.Session(session.Id);
            arguments[argument++] = session.Id.Value;
            arguments[argument++] = SessionHash.Generation(session);
            arguments[argument++] = SessionHash.Lifetime(session.TimeToLive ?? create.Options.TimeToLive);
            arguments[argument++] = SessionHash.Lifetime(session.MaxLifetime ?? create.Options.MaxLifetime);
            arguments[argument++] = session.CreatedAt == default ? RedisValue.EmptyString : session.CreatedAt.ToUnixTimeMilliseconds();
            arguments[argument++] = create.FirstSequence;
            arguments[argument++] = create.Token;
            arguments[argument++] = create.IsRepeated;
            arguments[argument++] = SessionDescription.Write(session);
        }

        return (RedisResult[])(await Script.EvaluateAsync(database, keys, arguments).ConfigureAwait(false))!;
    }

    private async Task<Session> CreateAsync(RedisTarget target)
    {
        var (id, create) = (session.Id, new SessionToCreate(session, firstSequence, options, records, _tries.MayArriveLate));
        var reply = await _tries.ObserveAsync(target.Batch(Batched, id).RunAsync(create)).ConfigureAwait(false);
        var partition = target.Layout.PartitionOf(id);
        switch ((string?)reply[0])
        {
            case "created":
                partition.Lists.Note(id, new KnownList(create.Token, session.Generation, firstSequence));
                return SessionHash.Complete(session, options, ((RedisValue[])reply!).AsSpan(1));
            case "same" when await ReadSessions.RunAsync(target.Database, partition, Operations.CreateSession, id).ConfigureAwait(false) is { } current
                && current.Generation == session.Generation:
                return current;
            case "exists":
                throw new SessionAlreadyExistsException(Operations.CreateSession, id);
            case "refused":
                throw new RedisServerException(default, CommandFlags.None, (string)reply[1]!);
            default:
                throw new SessionNotFoundException(Operations.CreateSession, id);
        }
    }
}
