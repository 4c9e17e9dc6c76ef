namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>What becomes of a server in a configuration.</summary>
/// <param name="Server">What the client calls it.</param>
/// <param name="Outcome">That it is changed, or why it is left as it is, in words.</param>
/// <param name="Edits">The changes; empty for none.</param>
internal sealed record ServerChange(string Server, string Outcome, params IReadOnlyList<TextEdit> Edits);
