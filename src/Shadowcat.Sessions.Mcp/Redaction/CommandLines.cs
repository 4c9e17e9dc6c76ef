using System.Buffers;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds what follows the options of command lines: <c>--token x</c>, <c>-u user:password</c>, <c>sshpass -p x</c>; and the password of a <c>.netrc</c>.</summary>
internal static class CommandLines
{
    private const int LongestLook = 128;

    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n\"'\\");

    /// <summary>Cuts out the values.</summary>
    public static void Find(ref TextScan scan)
    {
        FindOptions(ref scan);
        FindUsers(ref scan, "-u ");
        FindUsers(ref scan, "--user ");
        FindUsers(ref scan, "--proxy-user ");
        FindAfter(ref scan, " -p ", "sshpass", "login");
    }

    /// <summary>Cuts out the password of a machine, where <c> password </c> stands.</summary>
    public static void FindInNetrc(ref TextScan scan, int at) => FindAfter(ref scan, at, " password ".Length, "machine ", "default login");

    /// <summary>What kind of credential the argument behind an option is: <c>--token</c>.</summary>
    public static CredentialKind OfOption(ReadOnlySpan<char> argument) =>
        argument.StartsWith("-") && argument.IndexOfAny("= :") < 0 ? CredentialNames.Of(argument.TrimStart('-')) : CredentialKind.None;

    private static void FindOptions(ref TextScan scan)
    {
        var text = scan.Text;
        for (var position = 0; Next(text, "--", ref position, out _);)
        {
            var length = text[position..Math.Min(text.Length, position + CredentialNames.MaxLength)].IndexOfAny(" =\t\"");
            if (length <= 0 || text[position + length] != ' ')
            {
                continue;
            }

            scan.Work += length;
            var name = text.Slice(position, length);
            var (start, end) = Word(text, position + length + 1);
            var kind = CredentialNames.Of(name);
            if (kind != CredentialKind.None && IsArgument(text[start..end], name, kind))
            {
                scan.Cut(start, end);
                position = end;
            }
        }
    }

    private static bool IsArgument(ReadOnlySpan<char> value, ReadOnlySpan<char> name, CredentialKind kind) =>
        !value.IsEmpty
        && value[0] is not ('-' or '|' or '&' or '(' or ']')
        && !CredentialValues.IsPlaceholder(value.TrimEnd("])"))
        && !CredentialValues.IsKnownWord(value.TrimEnd("])"))
        && !value.TrimEnd("])").Equals(name, StringComparison.OrdinalIgnoreCase)
        && (kind == CredentialKind.Certain ? value.ContainsAnyInRange('a', 'z') || value.ContainsAnyInRange('0', '9')
            : CredentialValues.LooksSecret(value) || (kind == CredentialKind.Code && CredentialValues.LooksLikeCode(value)));

    private static void FindUsers(ref TextScan scan, string option)
    {
        var text = scan.Text;
        for (var position = 0; Next(text, option, ref position, out var at);)
        {
            var (start, end) = Word(text, position);
            var value = text[start..Math.Min(end, start + LongestLook)];
            scan.Work += value.Length;
            var colon = value.IndexOf(':');
            if (IsOption(text, at) && colon > 0 && !CredentialValues.IsPlaceholder(value[(colon + 1)..])
                && (CredentialValues.LooksSecret(value[(colon + 1)..]) || text[Math.Max(0, at - LongestLook)..at].Contains("curl", StringComparison.Ordinal))
                && value.IndexOfAnyExceptInRange('0', ':') >= 0)
            {
                scan.Cut(start + colon + 1, end);
                position = end;
            }
        }
    }

    private static void FindAfter(ref TextScan scan, string option, string command, string otherCommand)
    {
        var text = scan.Text;
        for (var position = 0; Next(text, option, ref position, out var at);)
        {
            FindAfter(ref scan, at, option.Length, command, otherCommand);
        }
    }

    private static void FindAfter(ref TextScan scan, int at, int length, string command, string otherCommand)
    {
        var text = scan.Text;
        var before = text[Math.Max(0, at - LongestLook)..at];
        scan.Work += before.Length;
        if (before.Contains(command, StringComparison.Ordinal) || before.Contains(otherCommand, StringComparison.Ordinal))
        {
            var (start, end) = Word(text, at + length);
            scan.Work += end - start;
            if (!CredentialValues.IsPlaceholder(text[start..end]))
            {
                scan.Cut(start, end);
            }
        }
    }

    private static bool IsOption(ReadOnlySpan<char> text, int at) => at == 0 || text[at - 1] is ' ' or '\t' or '"' or '\'';

    private static bool Next(ReadOnlySpan<char> text, string what, ref int position, out int at)
    {
        var offset = position < text.Length ? text[position..].IndexOf(what, StringComparison.Ordinal) : -1;
        at = position + offset;
        position = at + what.Length;
        return offset >= 0;
    }

    private static (int Start, int End) Word(ReadOnlySpan<char> text, int start)
    {
        if (start < text.Length && text[start] is '"' or '\'')
        {
            var closing = text[(start + 1)..].IndexOf(text[start]);
            if (closing >= 0)
            {
                return (start + 1, start + 1 + closing);
            }
        }

        var length = start < text.Length ? text[start..].IndexOfAny(WordEnds) : 0;
        return (start, length < 0 ? text.Length : start + length);
    }
}
