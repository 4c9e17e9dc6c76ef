using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Refuses what was read from a server that is no primary any more, by <c>refuse-on-replica.lua</c>.</summary>
/// <remarks>
/// A former primary that became a replica keeps its connections and answers reads, from what it had. It refuses writes, even one that changes nothing. So such a write goes behind commands
/// that only read; scripts that read have one of their own. It is a script because the client library sends a command that writes only to what it takes for a primary, and may know that from a minute ago.
/// </remarks>
/// <seealso href="https://redis.io/docs/latest/operate/oss_and_stack/management/replication/#read-only-replica"/>
internal static class PrimaryFence
{
    private static readonly RedisScript Script = new("refuse-on-replica");

    /// <summary>Sends it behind what was sent to read.</summary>
    /// <param name="database">The connection that was read from.</param>
    /// <param name="session">The hash of the session that was read.</param>
    /// <exception cref="RedisException">The server is a replica, or the connection is gone.</exception>
    public static Task SendAsync(IDatabase database, RedisKey session) => Script.EvaluateAsync(database, [session], []);
}
