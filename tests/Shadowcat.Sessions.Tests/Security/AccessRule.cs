using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Security;

/// <summary>The smallest rule of an account for the library, as docs/redis.md shows it: the one place that its tests take it from.</summary>
/// <seealso href="https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/"/>
internal static class AccessRule
{
    /// <summary>What the library sends, by itself and inside of scripts.</summary>
    public static readonly string[] Commands =
    [
        "eval", "evalsha", "script|load", "time", "publish", "subscribe", "unsubscribe",
        "set", "unlink", "exists", "rename", "pttl", "pexpire", "pexpireat",
        "hget", "hmget", "hset", "hdel", "hlen",
        "rpush", "rpushx", "rpop", "llen", "lrange", "lindex", "ltrim",
        "sadd", "srem", "sscan", "zadd", "zrem", "zcard", "zcount", "zscore", "zscan", "zrange", "zrangebyscore",
    ];

    /// <summary>What StackExchange.Redis sends: to find out what the server is, and whether it is there.</summary>
    public static readonly string[] ConnectionCommands = ["echo", "info", "ping"];

    /// <summary>What a cluster needs in addition.</summary>
    public static readonly string[] ClusterCommands = ["asking", "cluster|nodes"];

    /// <summary>The rule of an account on sentinels, in the lines of docs/redis.md.</summary>
    public static readonly string[] OnSentinels =
    [
        "resetchannels &+elected-leader &+switch-master &+sentinel -@all +ping +info +subscribe +unsubscribe",
        "+sentinel|master +sentinel|get-master-addr-by-name +sentinel|sentinels",
    ];

    /// <summary>What StackExchange.Redis also tries when it connects, and goes on without.</summary>
    public static readonly string[] MerelyTried = ["client|id", "client|setinfo", "client|setname", "get", "cluster|nodes", "cluster|slots", "config|get", "__Booksleeve_TieBreak", "__Booksleeve_MasterChanged", "sentinel|masters"];

    /// <summary>The keys of a prefix, those of a layout with several partitions among them, and its channels.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="channels">Whether the server knows rights to channels, as it does from 6.2 on.</param>
    private static string Reach(string prefix, bool channels = true) => channels
        ? $"resetkeys resetchannels ~{{{prefix}}}:* ~{{{prefix}:*}}:* ~{prefix}:layout &{prefix}:changes &{prefix}:followed -@all"
        : $"resetkeys ~{{{prefix}}}:* ~{{{prefix}:*}}:* ~{prefix}:layout -@all";

    /// <summary>The words behind <c>ACL SETUSER user on &gt;password</c>, in the lines of docs/redis.md.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="channels">Whether the server knows rights to channels, as it does from 6.2 on.</param>
    public static IEnumerable<string> Lines(string prefix, bool channels = true) =>
        [Reach(prefix, channels), .. Commands.Concat(ConnectionCommands).Chunk(14).Select(Granted)];

    /// <summary>The same as words, for one version of the server.</summary>
    public static IEnumerable<string> Words(string prefix, Version server) => Lines(prefix, Account.HasChannels(server)).SelectMany(line => line.Split(' '));

    /// <summary>What StackExchange.Redis also tries on a server, as that names it; before 6.2 also the command that every account may use since.</summary>
    public static IEnumerable<string> TriedOn(Version server) =>
        AsNamedBy(server, Account.HasChannels(server) ? MerelyTried : [.. MerelyTried, "hello"]);

    /// <summary>Commands as a server names them in its statistics and its log; before 7.0 it does not distinguish subcommands.</summary>
    public static IEnumerable<string> AsNamedBy(Version server, IEnumerable<string> commands) =>
        server.Major >= 7 ? commands : commands.Select(command => command.Split('|')[0]);

    public static string Granted(IEnumerable<string> commands) => string.Join(' ', commands.Select(command => "+" + command));

    /// <summary>The words that let an account reach every channel: before 6.2 there was no such right, and each does.</summary>
    public static string[] AllChannels(Version server) => server >= new Version(6, 2) ? ["&*"] : [];
}
