using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Notes activity by <c>touch-session.lua</c>.</summary>
internal static class TouchSession
{
    private static readonly ListScript Script = new("touch-session");

    /// <summary>Touches a session; null where there is none.</summary>
    public static async Task<SessionActivity?> RunAsync(IDatabase database, RedisPartition partition, SessionId id)
    {
        var reply = await Script.EvaluateAsync(database, partition, id, [partition.Active, partition.Expiry, partition.Index], [SessionHash.Format, id.Value]).ConfigureAwait(false);
        return (string?)reply[0] switch
        {
            "touched" => SessionHash.Activity(id, (RedisValue)reply[1], (RedisValue)reply[2]),
            "format" => throw SessionHash.UnknownFormat(Operations.TouchSession, id, (RedisValue)reply[1]),
            "damaged" => throw SessionHash.Damaged(Operations.TouchSession, id),
            _ => null,
        };
    }
}
