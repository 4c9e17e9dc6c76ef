using System.Buffers;
using System.Text.RegularExpressions;

namespace Shadowcat.Sessions.Redis;

/// <summary>An error that a server answered with: its code and its message, without what the server or its scripting wraps around them.</summary>
/// <param name="Code">The code: that of the server, or one of the constants here where the server has none.</param>
/// <param name="Message">The message, without the code and without the place in a script.</param>
/// <remarks>
/// Redis 7 and later, and Valkey, answer <c>OOM … script: SHA, on @user_script:12.</c>; Redis 6 and KeyDB <c>ERR Error running script (call to f_SHA): @user_script:12:
/// @user_script: 12: -OOM …</c>, and what a script got from <c>pcall</c> and returns <c>@user_script: 12: -OOM …</c>; Garnet puts <c>ERR</c> in front of whatever a script returns.
/// </remarks>
/// <seealso href="https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors"/>
internal readonly partial record struct RedisError(string Code, string Message)
{
    /// <summary>The account may not run a command, or not reach a key or a channel.</summary>
    public const string NotPermitted = "NOPERM";

    /// <summary>The server has no such command, or it was renamed.</summary>
    public const string UnknownCommand = "UNKNOWN";

    /// <summary>There are as many connections as the server allows.</summary>
    public const string MaxClients = "MAXCLIENTS";

    /// <summary>The slot of a key is on its way to another server.</summary>
    public const string Moved = "MOVED";

    /// <summary>In ms. An error is a line.</summary>
    private const int MatchTimeout = 1000;

    private static readonly SearchValues<char> CodeCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Texts of servers, and of the client library, for which others have a code.</summary>
    private static readonly (string Text, string Code)[] Worded =
    [
        ("max number of clients", MaxClients),
        ("The user executing the script ", NotPermitted),
        ("ACL failure in script", NotPermitted),
        ("has no permissions to ", NotPermitted),
        ("unknown command", UnknownCommand),
        ("unknown redis command", UnknownCommand),
        ("unsupported command", UnknownCommand),
        ("Key has MOVED", Moved),
        ("The server redirected", Moved),
    ];

    /// <summary>The command that was refused, in capitals, where the server names it; else null.</summary>
    public string? Command => Code is NotPermitted or UnknownCommand && Quoted().Match(Message) is { Success: true } match
        ? match.Groups["command"].Value.Replace('|', ' ').ToUpperInvariant()
        : null;

    /// <summary>Whether it is a channel that the account may not reach.</summary>
    public bool IsAboutChannel => Code == NotPermitted && Message.Contains("channel", StringComparison.Ordinal);

    /// <summary>Whether it is a key that the account may not reach.</summary>
    public bool IsAboutKey => Code == NotPermitted && Message.Contains("access", StringComparison.Ordinal) && Message.Contains("key", StringComparison.Ordinal);

    /// <summary>Whether the server does not run the command, for this account or at all.</summary>
    public bool IsCommandMissing => Code == UnknownCommand || (Code == NotPermitted && !IsAboutChannel && !IsAboutKey);

    public static RedisError Parse(string text)
    {
        var message = Place().Replace(text, "");
        while (Wrapping().Match(message) is { Success: true, Length: > 0 } wrapped)
        {
            message = message[wrapped.Length..];
        }

        message = message.Trim();
        var worded = Array.Find(Worded, worded => message.Contains(worded.Text, StringComparison.OrdinalIgnoreCase)).Code;
        var end = message.AsSpan().IndexOfAnyExcept(CodeCharacters);
        var isCode = message.Length > 1 && (end < 0 || (end > 1 && message[end] == ' '));
        var code = isCode ? message[..(end < 0 ? message.Length : end)] : "ERR";
        var rest = isCode ? message[code.Length..].TrimStart() : message;

        // A code that the server sent counts more than its text.
        return new RedisError(code == "ERR" && worded is not null ? worded : code, rest);
    }

    /// <summary>Where in a script it happened, behind the error.</summary>
    [GeneratedRegex(@" script: \S+, on @?user_(?:script|function):\d+\.\s*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchTimeout)]
    private static partial Regex Place();

    /// <summary>What stands in front of an error that happened in a script, once. A general ERR only counts as that where a code follows.</summary>
    [GeneratedRegex(
        @"^(?:(?:ERR )?Error (?:running|compiling) script[^:]*: |(?:ERR )?Lua encountered an error: |(?:ERR )?@?user_(?:script|function): ?\d+: |ERR (?!ACL )(?=-?[A-Z]{2,} )|-(?=[A-Z]))",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        MatchTimeout)]
    private static partial Regex Wrapping();

    [GeneratedRegex("['`](?<command>[A-Za-z|]+)['`]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchTimeout)]
    private static partial Regex Quoted();
}
