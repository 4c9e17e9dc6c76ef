using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Notes activity by <c>touch-session.lua</c>.</summary>
internal static class TouchSession
{
    private static readonly ListScript Script = new("touch-session");

    public static async Task<bool> RunAsync(IDatabase database, RedisPartition partition, SessionId id)
    {
        var reply = await Script.EvaluateAsync(database, partition, id, [], [SessionHash.Format]).ConfigureAwait(false);
        return (string?)reply[0] switch
        {
            "touched" => true,
            "format" => throw SessionHash.UnknownFormat(Operations.TouchSession, id, (RedisValue)reply[1]),
            "damaged" => throw SessionHash.Damaged(Operations.TouchSession, id),
            _ => false,
        };
    }
}
