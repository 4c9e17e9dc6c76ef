namespace Shadowcat.Sessions.Redis;

/// <summary>Deletes a session by <c>delete-session.lua</c>.</summary>
internal static class DeleteSession
{
    /// <summary>How many are deleted by one call of the script. The server answers no other caller meanwhile, for about 1 ms.</summary>
    private const int MaxTogether = 64;

    private static readonly ListScript Script = new("delete-session", most: MaxTogether, keys: static partition => [partition.Active, partition.Expiry, partition.Index, partition.Operations]);

    public static async Task<bool> RunAsync(
        RedisTarget target, RedisPartition partition, SessionId id, string operation, RecordLifetimes records) =>
        (string?)(await Script.EvaluateAsync(
            target,
            partition,
            id,
            [(long)records.Ended.TotalMilliseconds, partition.Changes, partition.Followed],
            [id.Value, operation]).ConfigureAwait(false))[0] is "deleted";
}
