using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Shadowcat.Sessions.Chaos.Schedules.Holding;

/// <summary>Distinguishes what may change something from what only reads, by the method of the client library and its arguments, whatever the store sends.</summary>
internal static partial class CommandKind
{
    private static readonly string[] ReadingMethods =
    [
        "HashGet", "HashLength", "HashExists", "ListLength", "ListRange", "ListGetByIndex", "SortedSetRange", "SortedSetScore", "SortedSetRank",
        "SortedSetLength", "SetMembers", "SetContains", "SetLength", "SetScan", "KeyTimeToLive", "KeyExists", "KeyType", "StringGetAsync", "StringLength",
        "ScriptEvaluateReadOnly",
    ];

    private static readonly string[] ReadingCommands = ["LRANGE", "LLEN", "HMGET", "HGET", "HGETALL", "TIME", "INFO"];

    /// <summary>What is no command, or asks for nothing of the session.</summary>
    private static readonly string[] PassedMethods = ["get_", "IsConnected", "IdentifyEndpoint", "Ping", "Publish"];

    private static readonly string[] PassedCommands = ["PUBLISH", "ECHO", "PING"];

    private static readonly ConcurrentDictionary<string, (bool Writes, string Name)> Scripts = new(StringComparer.Ordinal);

    /// <summary>Whether it is never held: it does nothing to a session, and nobody waits for it to.</summary>
    public static bool IsPassed(string method, object?[]? arguments) =>
        Array.Exists(PassedMethods, passed => method.StartsWith(passed, StringComparison.Ordinal))
        || (method.StartsWith("Execute", StringComparison.Ordinal) && arguments is [string command, ..] && PassedCommands.Contains(command, StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether it changes nothing.</summary>
    public static bool IsRead(string method, object?[]? arguments) =>
        method.StartsWith("ScriptEvaluate", StringComparison.Ordinal) && arguments is [string script, ..] ? !Look(script).Writes
        : method.StartsWith("Execute", StringComparison.Ordinal) && arguments is [string command, ..] ? ReadingCommands.Contains(command, StringComparer.OrdinalIgnoreCase)
        : Array.Exists(ReadingMethods, read => method.StartsWith(read, StringComparison.Ordinal));

    /// <summary>What a command is, to a reader: a script by what it says of itself at its head.</summary>
    public static string Name(string method, object?[]? arguments) =>
        method.StartsWith("ScriptEvaluate", StringComparison.Ordinal) && arguments is [string script, ..] ? Look(script).Name : method;

    private static (bool Writes, string Name) Look(string script) => Scripts.GetOrAdd(script, static text =>
        (WritingCommand().IsMatch(Fence().Replace(text, "")), $"script \"{text.Split('\n')[0].TrimStart('-', ' ').Split(['.', ',', ':'])[0]}\""));

    /// <summary>A field that never is, is deleted: a replica refuses that.</summary>
    [GeneratedRegex("""redis\.pcall\('\w+', [\w\[\]]+, ''\)""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();

    [GeneratedRegex("""['"](HSET|HDEL|HINCRBY|RPUSHX?|LPUSHX?|LPOP|LTRIM|LREM|SET|DEL|UNLINK|P?EXPIRE(AT)?|PERSIST|ZADD|ZREM|SADD|SREM|RENAME|INCR)['"]""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WritingCommand();
}
