namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds private keys in their textual encoding, cut off ones too.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc7468"/>
internal static class PrivateKeys
{
    /// <summary>What their first line begins with.</summary>
    public const string Beginning = "-----BEGIN ";

    private const string Ending = "-----END ";
    private const string Dashes = "-----";
    private const string Label = "PRIVATE KEY";
    private const int LongestLabel = 64;

    /// <summary>Cuts them out.</summary>
    public static void Find(ref TextScan scan)
    {
        var text = scan.Text;
        for (var position = 0; position < text.Length;)
        {
            var offset = text[position..].IndexOf(Beginning, StringComparison.Ordinal);
            if (offset < 0)
            {
                return;
            }

            var start = position + offset;
            position = start + Beginning.Length;
            var label = text.Slice(position, Math.Min(LongestLabel, text.Length - position));
            scan.Work += label.Length;
            var labelEnd = label.IndexOf(Dashes, StringComparison.Ordinal);
            if (labelEnd < 0 || label[..labelEnd].IndexOf(Label, StringComparison.Ordinal) < 0)
            {
                continue;
            }

            var end = EndOf(text, position + labelEnd);
            scan.Work += end - start;
            scan.Cut(start, end);
            position = end;
        }
    }

    private static int EndOf(ReadOnlySpan<char> text, int from)
    {
        var offset = text[from..].IndexOf(Ending, StringComparison.Ordinal);
        if (offset < 0)
        {
            return text.Length;
        }

        var label = from + offset + Ending.Length;
        var dashes = text.Slice(label, Math.Min(LongestLabel, text.Length - label)).IndexOf(Dashes, StringComparison.Ordinal);
        return dashes < 0 ? label : label + dashes + Dashes.Length;
    }
}
