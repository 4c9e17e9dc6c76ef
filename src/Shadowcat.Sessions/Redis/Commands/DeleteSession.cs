using System.Security.Cryptography;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Deletes a session by <c>delete-session.lua</c>.</summary>
internal static class DeleteSession
{
    private const int OperationDigits = 16;

    private static readonly ListScript Script = new("delete-session");

    /// <summary>What makes a repeated delete the same one.</summary>
    public static string NewOperation() => RandomNumberGenerator.GetHexString(OperationDigits);

    public static async Task<bool> RunAsync(
        IDatabase database, RedisPartition partition, SessionId id, string operation, TimeSpan tombstoneTimeToLive) =>
        (string?)(await Script.EvaluateAsync(
            database,
            partition,
            id,
            [partition.Active, partition.Expiry, partition.Index, partition.Tombstone(id)],
            [id.Value, operation, (long)tombstoneTimeToLive.TotalMilliseconds, partition.Changes, partition.Followed]).ConfigureAwait(false))[0] is "deleted";
}
