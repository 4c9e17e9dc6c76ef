namespace Shadowcat.Sessions.Mcp;

/// <summary>One thing that a server does otherwise than the recorded one did.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Method">The method of the request or notification.</param>
/// <param name="Sequence">The frame of the recorded request; null where it is about none of the client's.</param>
/// <param name="Path">Where in the answer, as <c>result.content[0].text</c>; null where it is not about a part of one.</param>
/// <param name="Recorded">What the recording has there, as JSON; null for nothing.</param>
/// <param name="Actual">What there is now, as JSON; null for nothing.</param>
public sealed record ReplayDifference(
    ReplayDifferenceKind Kind, string Method, long? Sequence = null, string? Path = null, string? Recorded = null, string? Actual = null);
