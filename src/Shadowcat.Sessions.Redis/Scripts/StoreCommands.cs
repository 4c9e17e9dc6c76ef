namespace Shadowcat.Sessions.Redis;

/// <summary>Every command of the server that the store needs, and how each is tried without changing anything. There is no other list.</summary>
/// <remarks>Tests compare it with the texts of the scripts, and with what a server carried out.</remarks>
internal static class StoreCommands
{
    /// <summary>What scripts send, each as a call that changes nothing. @ stands for a key that does not exist.</summary>
    /// <remarks>
    /// Those with a + create a key. They are tried only where the first command, which deletes it, may be sent. The server checks the right to a command before the meaning of
    /// its arguments, but after their number.
    /// </remarks>
    public static readonly string[] Tried =
    [
        "UNLINK @", "EXISTS @", "PTTL @", "PEXPIRE @ 1", "PEXPIREAT @ 1", "RENAME @ @", "TIME", "SET @ 1 XX",
        "HGET @ f", "HMGET @ f", "HLEN @", "HDEL @ f", "HSET @ f v f",
        "LLEN @", "LRANGE @ 0 0", "LINDEX @ 0", "LTRIM @ 0 0", "RPOP @", "RPUSHX @ v", "+RPUSH @ v",
        "SREM @ v", "+SADD @ v",
        "ZCARD @", "ZCOUNT @ 0 0", "ZSCORE @ v", "ZREM @ v", "ZRANGE @ 0 0", "ZRANGEBYSCORE @ 0 0", "ZADD @ XX 0 v",
    ];

    /// <summary>What the store sends itself, in the same form: a connection may have switched a command off that scripts may send.</summary>
    public static readonly string[] TriedDirectly =
    [
        "EVALSHA 0000000000000000000000000000000000000000 1 @", "EXISTS @", "HMGET @ f", "LLEN @", "LRANGE @ 0 0", "RPUSHX @ v", "UNLINK @", "SSCAN @ 0", "ZSCAN @ 0",
    ];

    /// <summary>What the store sends that is tried in other ways: EVAL by the check itself, PUBLISH with its channel.</summary>
    public static readonly string[] TriedOtherwise = ["EVAL", "PUBLISH"];

    /// <summary>What the store sends and can do without: then scripts are sent with their text, messages of others are not received, and it is not known whether the server evicts.</summary>
    public static readonly string[] Optional = ["SCRIPT", "SUBSCRIBE", "UNSUBSCRIBE", "INFO"];

    /// <summary>Those that only writes need: an account without them may still read.</summary>
    public static readonly string[] Writing =
    [
        "UNLINK", "PEXPIRE", "PEXPIREAT", "RENAME", "SET", "HDEL", "HSET", "LTRIM", "RPOP", "RPUSHX", "RPUSH", "SREM", "SADD", "ZREM", "ZADD", "PUBLISH",
    ];

    /// <summary>The names of all.</summary>
    public static IEnumerable<string> Names => Tried.Concat(TriedDirectly).Select(NameOf).Concat(TriedOtherwise).Concat(Optional).Distinct(StringComparer.Ordinal);

    /// <summary>The command that is tried.</summary>
    public static string NameOf(string tried) => tried.TrimStart('+').Split(' ')[0];
}
