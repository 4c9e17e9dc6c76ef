using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Deletes a session by <c>delete-session.lua</c>. False where there is none.</summary>
/// <param name="id">The session.</param>
/// <param name="operation">What makes a repetition the same call.</param>
/// <param name="records">How long idempotency records stay.</param>
internal sealed class DeleteSession(SessionId id, string operation, RecordLifetimes records) : ListCommand<bool>(Script, id)
{
    /// <summary>How many are deleted by one call of the script. The server answers no other caller meanwhile, for about 1 ms.</summary>
    private const int MaxTogether = 64;

    private static readonly ListScript Script = new("delete-session", most: MaxTogether, keys: static partition => [partition.Active, partition.Expiry, partition.Index, partition.Operations]);

    private readonly SessionId _id = id;

    protected override RedisValue[] Shared(RedisPartition partition) => [(long)records.Ended.TotalMilliseconds, partition.Changes, partition.Followed];

    protected override RedisValue[] Own() => [_id.Value, operation];

    protected override bool Read(RedisResult reply) => (string?)reply[0] is "deleted";
}
