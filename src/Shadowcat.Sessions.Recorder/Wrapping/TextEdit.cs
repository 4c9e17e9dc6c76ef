using System.Text;

namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>Puts a text in the place of a part of a file.</summary>
/// <param name="Start">The first byte of the part.</param>
/// <param name="End">The byte behind it.</param>
/// <param name="Text">What stands there afterwards.</param>
/// <param name="Server">The server that the change is for.</param>
internal sealed record TextEdit(int Start, int End, string Text, string Server)
{
    /// <summary>A part of a file after the edits within it, which are in order and do not overlap.</summary>
    public static byte[] Apply(ReadOnlySpan<byte> file, int start, int end, IEnumerable<TextEdit> edits)
    {
        using var result = new MemoryStream();
        foreach (var edit in edits.Where(edit => edit.Start >= start && edit.End <= end))
        {
            result.Write(file[start..edit.Start]);
            result.Write(Encoding.UTF8.GetBytes(edit.Text));
            start = edit.End;
        }

        result.Write(file[start..end]);
        return result.ToArray();
    }
}
