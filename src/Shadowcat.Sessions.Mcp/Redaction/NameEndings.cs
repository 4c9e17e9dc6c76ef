namespace Shadowcat.Sessions.Mcp;

/// <summary>Excludes most names by their last letters, before they are read.</summary>
internal static class NameEndings
{
    private const int Letters = 3;
    private const int LetterBits = 5;

    private static readonly bool[] Table = Build();

    /// <summary>Whether a name may stand for a credential.</summary>
    public static bool MayMatter(ReadOnlySpan<byte> name) =>
        name.Length >= Letters && MayMatter((char)name[^3], (char)name[^2], (char)name[^1]);

    /// <summary>Whether a name may stand for a credential.</summary>
    public static bool MayMatter(ReadOnlySpan<char> name) => name.Length >= Letters && MayMatter(name[^3], name[^2], name[^1]);

    private static bool MayMatter(char third, char second, char last) =>
        !char.IsAsciiLetter(third) || !char.IsAsciiLetter(second) || !char.IsAsciiLetter(last) || Table[Index(third, second, last)];

    /// <summary>Five bits of a letter, the same for both cases.</summary>
    private static int Index(char third, char second, char last) => ((third & 31) << (2 * LetterBits)) | ((second & 31) << LetterBits) | (last & 31);

    private static bool[] Build()
    {
        var table = new bool[1 << (Letters * LetterBits)];
        string[] roles = ["name", "key", "header", "field", "value", "values", "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "headers"];
        foreach (var name in CredentialNames.Known.Concat(roles))
        {
            var letters = name.TrimEnd('1', '2');
            table[Index(letters[^3], letters[^2], letters[^1])] = true;
        }

        return table;
    }
}
