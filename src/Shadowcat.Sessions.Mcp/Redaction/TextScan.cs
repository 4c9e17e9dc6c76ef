using System.Text;

namespace Shadowcat.Sessions.Mcp;

/// <summary>A text and what is to be cut out of it.</summary>
internal ref struct TextScan(ReadOnlySpan<char> text)
{
    private List<(int Start, int End)>? _cuts;

    /// <summary>The text.</summary>
    public ReadOnlySpan<char> Text { get; } = text;

    /// <summary>How many characters were looked at one by one: a measure of the work that does not depend on the machine.</summary>
    public long Work { get; set; }

    /// <summary>Cuts out a part of the text.</summary>
    public void Cut(int start, int end)
    {
        if (end > start)
        {
            (_cuts ??= []).Add((start, end));
        }
    }

    /// <summary>The text without what was cut out; null where that is nothing.</summary>
    public readonly string? Apply()
    {
        if (_cuts is null)
        {
            return null;
        }

        // Several of those who look may have found the same.
        _cuts.Sort();
        var applied = new StringBuilder(Text.Length);
        var position = 0;
        foreach (var (start, end) in _cuts)
        {
            if (start > position || position == 0)
            {
                applied.Append(Text[position..start]).Append(CredentialRedactor.Replacement);
            }

            position = Math.Max(position, end);
        }

        return applied.Append(Text[position..]).ToString();
    }
}
