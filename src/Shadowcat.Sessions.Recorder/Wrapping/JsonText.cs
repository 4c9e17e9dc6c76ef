namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>A value of a file of JSON, and where it stands there.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="End">The byte behind it.</param>
/// <param name="Value">What it says; null for what is no string.</param>
internal readonly record struct JsonText(int Start, int End, string? Value);
