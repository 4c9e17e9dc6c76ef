using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Deletes a session by <c>delete-session.lua</c>.</summary>
internal static class DeleteSession
{
    private static readonly ListScript Script = new("delete-session");

    public static async Task<bool> RunAsync(
        IDatabase database, RedisPartition partition, SessionId id, string operation, RecordLifetimes records) =>
        (string?)(await Script.EvaluateAsync(
            database,
            partition,
            id,
            [partition.Active, partition.Expiry, partition.Index, partition.Operations],
            [id.Value, operation, (long)records.Ended.TotalMilliseconds, partition.Changes, partition.Followed]).ConfigureAwait(false))[0] is "deleted";
}
