namespace Shadowcat.Sessions.Redis;

/// <summary>Every command of the server that the store cannot do without, and how each is tried without doing anything: the one list there is.</summary>
/// <remarks>A test holds it against the texts of the scripts, and against what a server carried out.</remarks>
internal static class StoreCommands
{
    /// <summary>What scripts send, and some of it the store itself, each as a call that leaves nothing: the words of it, where @ stands for a key that is not there.</summary>
    /// <remarks>
    /// Those behind a + make a key. They are tried only where the first, which deletes it, may be sent. An argument that makes no sense to a command
    /// is looked at only once the server has decided whether it may be run at all; a wrong number of arguments, before.
    /// </remarks>
    public static readonly string[] Tried =
    [
        "UNLINK @", "EXISTS @", "PTTL @", "PEXPIRE @ 1", "PEXPIREAT @ 1", "RENAME @ @", "TIME", "SET @ 1 XX",
        "HGET @ f", "HMGET @ f", "HLEN @", "HDEL @ f", "HSET @ f v f",
        "LLEN @", "LRANGE @ 0 0", "LINDEX @ 0", "LTRIM @ 0 0", "RPOP @", "RPUSHX @ v", "+RPUSH @ v",
        "SREM @ v", "+SADD @ v",
        "ZCARD @", "ZCOUNT @ 0 0", "ZSCORE @ v", "ZREM @ v", "ZRANGE @ 0 0", "ZRANGEBYSCORE @ 0 0", "ZADD @ XX 0 v",
    ];

    /// <summary>What the store sends itself, as well or only, in the same form: a connection may have switched a command off that scripts may send.</summary>
    public static readonly string[] TriedDirectly =
    [
        "EVALSHA 0000000000000000000000000000000000000000 1 @", "EXISTS @", "HMGET @ f", "LLEN @", "LRANGE @ 0 0", "RPUSHX @ v", "UNLINK @", "SSCAN @ 0", "ZSCAN @ 0",
    ];

    /// <summary>What the store sends that is tried in other ways: scripts by being sent, publishing with the channel it is for.</summary>
    public static readonly string[] TriedOtherwise = ["EVAL", "PUBLISH"];

    /// <summary>What the store sends and can do without: scripts are sent with their text then, messages of others are not received, and nobody knows whether the server evicts.</summary>
    public static readonly string[] Optional = ["SCRIPT", "SUBSCRIBE", "UNSUBSCRIBE", "INFO"];

    /// <summary>Those that only who writes needs: an account without them may still read.</summary>
    public static readonly string[] Writing =
    [
        "UNLINK", "PEXPIRE", "PEXPIREAT", "RENAME", "SET", "HDEL", "HSET", "LTRIM", "RPOP", "RPUSHX", "RPUSH", "SREM", "SADD", "ZREM", "ZADD", "PUBLISH",
    ];

    /// <summary>The names of all.</summary>
    public static IEnumerable<string> Names => Tried.Concat(TriedDirectly).Select(NameOf).Concat(TriedOtherwise).Concat(Optional).Distinct(StringComparer.Ordinal);

    /// <summary>The command that is tried.</summary>
    public static string NameOf(string tried) => tried.TrimStart('+').Split(' ')[0];
}
