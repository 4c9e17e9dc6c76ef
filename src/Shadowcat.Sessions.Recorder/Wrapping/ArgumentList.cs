namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>The arguments of a server, and where they stand in the file.</summary>
/// <param name="NameStart">The first byte of the name of the property.</param>
/// <param name="Open">The bracket that opens the list.</param>
/// <param name="End">The byte behind the bracket that closes it.</param>
/// <param name="Items">The arguments.</param>
internal sealed record ArgumentList(int NameStart, int Open, int End, IReadOnlyList<JsonText> Items)
{
    /// <summary>What the arguments say; empty for what is no string.</summary>
    public IReadOnlyList<string> Values { get; } = [.. Items.Select(static item => item.Value ?? "")];
}
