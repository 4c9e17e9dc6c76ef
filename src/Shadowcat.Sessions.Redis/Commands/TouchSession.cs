using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Notes activity by <c>touch-session.lua</c>.</summary>
internal static class TouchSession
{
    /// <summary>How many are touched by one call of the script. The server answers no other caller meanwhile, for about 1 ms.</summary>
    private const int MaxTogether = 64;

    private static readonly ListScript Script = new("touch-session", most: MaxTogether, keys: static partition => [partition.Active, partition.Expiry, partition.Index]);

    /// <summary>Touches a session; null where there is none.</summary>
    public static async Task<SessionActivity?> RunAsync(RedisTarget target, RedisPartition partition, SessionId id)
    {
        var reply = await Script.EvaluateAsync(target, partition, id, [SessionHash.Format], [id.Value]).ConfigureAwait(false);
        return (string?)reply[0] switch
        {
            "touched" => SessionHash.Activity(id, (RedisValue)reply[1], (RedisValue)reply[2]),
            "format" => throw SessionHash.UnknownFormat(Operations.TouchSession, id, (RedisValue)reply[1]),
            "damaged" => throw SessionHash.Damaged(Operations.TouchSession, id),
            _ => null,
        };
    }
}
