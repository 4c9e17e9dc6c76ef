using System.Collections.Frozen;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Distinguishes credentials from words, paths and placeholders.</summary>
/// <remarks>Looks at the beginning of a value only, so that it takes the same time whatever comes.</remarks>
internal static class CredentialValues
{
    private const int ShortestSecret = 6;
    private const int LongestLook = 128;

    /// <summary>What stands behind the name of a credential in signatures, schemas and forms.</summary>
    private static readonly FrozenSet<string> Words = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "string", "str", "text", "required", "optional", "number", "integer", "int", "bool", "boolean", "object", "any", "none", "null", "nil", "true", "false", "undefined", "default",
        "yes", "no", "empty", "varchar", "bytes", "unknown", "void", "redacted", "hidden", "masked", "token", "tokens", "password", "secret", "key", "value", "changeme-please", "invalid",
        "missing", "expired", "incorrect", "wrong", "valid", "oauth", "oauth2", "basic", "bearer", "jwt", "denied", "failed", "ok", "set", "unset", "authentication", "authorization");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> WordsBySpan = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a value stands for a credential that is elsewhere, or for none: <c>${TOKEN}</c>, <c>&lt;password&gt;</c>, <c>****</c>.</summary>
    public static bool IsPlaceholder(ReadOnlySpan<char> value)
    {
        value = value.Trim();
        if (value.Length is 0 or > LongestLook)
        {
            return value.IsEmpty;
        }

        return (value[0], value[^1]) switch
        {
            ('<', '>') => value[1..^1].IndexOfAny('<', '>') < 0,
            ('{', '}') or ('[', ']') => value[1..^1].IndexOfAny("\"':,") < 0,
            ('%', '%') => IsName(value[1..^1]),
            ('$', '}') => value.StartsWith("${"),
            ('$', _) => IsVariable(value[1..]),
            ('*', _) or ('.', _) or ('…', _) or ('x', _) or ('X', _) => value.Length >= 3 && value.IndexOfAnyExcept(value[0]) < 0,
            ('Y' or 'y', _) => value.StartsWith("your", StringComparison.OrdinalIgnoreCase) && (value.Length == 4 || !char.IsLetterOrDigit(value[4])),
            _ => false,
        };
    }

    /// <summary>Whether a value looks like a secret where its name leaves that open.</summary>
    public static bool LooksSecret(ReadOnlySpan<char> value)
    {
        value = value.Trim();
        if (value.Length < ShortestSecret || IsPlaceholder(value) || IsPath(value) || WordsBySpan.Contains(value))
        {
            return false;
        }

        var (letters, digits, others) = (0, 0, 0);
        foreach (var character in value[..Math.Min(value.Length, LongestLook)])
        {
            if (char.IsWhiteSpace(character) || character is '{' or '(' or '<' or '"')
            {
                return false;
            }

            letters += char.IsLetter(character) ? 1 : 0;
            digits += char.IsAsciiDigit(character) ? 1 : 0;
            others += character is '!' or '#' or '$' or '%' or '^' or '&' or '*' or '+' or '=' or '@' or '~' ? 1 : 0;
        }

        return digits > 0 || (letters > 0 && others > 0) || value.Length >= 32;
    }

    /// <summary>Whether a value is a code of digits.</summary>
    public static bool LooksLikeCode(ReadOnlySpan<char> value) =>
        value.Trim() is { Length: >= 4 and <= 10 } code && code.IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Whether a value in a text is a word, as it stands behind a name in prose and in code.</summary>
    public static bool IsWordy(ReadOnlySpan<char> value)
    {
        value = value.TrimEnd(".,;:!?)]}");
        if (value.Length > LongestLook)
        {
            return false;
        }

        foreach (var character in value)
        {
            if (!char.IsLetter(character) && character is not ('\'' or '’' or '-' or '_' or '.' or '/'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a word is one that stands for a value in signatures, schemas and forms.</summary>
    public static bool IsKnownWord(ReadOnlySpan<char> value) => WordsBySpan.Contains(value.TrimEnd(".,;:!?"));

    /// <summary>Whether code takes the value from elsewhere: <c>process.env.TOKEN</c>, <c>getpass()</c>, <c>config["x"]</c>.</summary>
    public static bool IsExpression(ReadOnlySpan<char> value)
    {
        var end = value.IndexOfAny("([;,)");
        var path = end < 0 ? value : value[..end];
        return path.Length is > 0 and <= LongestLook
            && char.IsLetter(path[0])
            && path.IndexOfAnyExcept(IdentifierCharacters) < 0
            && (path.Contains('.') || (end >= 0 && value[end] is '(' or '['));
    }

    /// <summary>Letters and what may join them; a digit makes a secret of it.</summary>
    private static readonly System.Buffers.SearchValues<char> IdentifierCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.$");

    private static bool IsPath(ReadOnlySpan<char> value) =>
        value[0] is '/' or '~' || value.StartsWith("./") || value.StartsWith("../") || value.StartsWith("file:") || value.Contains("://", StringComparison.Ordinal)
        || (value.Length > 2 && value[1] == ':' && value[2] is '\\' or '/');

    private static bool IsVariable(ReadOnlySpan<char> name) =>
        name.Length >= 2 && ((name[0] is '(' && name[^1] is ')') || name[0] is '{' || (IsName(name) && (char.IsAsciiLetterUpper(name[0]) || name[0] == '_')));

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterUpper(character) && !char.IsAsciiDigit(character) && character != '_')
            {
                return false;
            }
        }

        return !name.IsEmpty;
    }
}
