namespace Shadowcat.Sessions.Mcp;

/// <summary>One thing that a server does otherwise than the recorded one did.</summary>
public sealed record ReplayDifference
{
    /// <summary>Describes a difference.</summary>
    /// <param name="kind">What kind of thing.</param>
    /// <param name="method">The method of the request or notification.</param>
    /// <param name="sequence">The frame of the recorded request; null where it is about none of the client's.</param>
    /// <param name="path">Where in the answer, as <c>result.content[0].text</c>; null where it is not about a part of one.</param>
    /// <param name="recorded">What the recording has there, as JSON; null for nothing.</param>
    /// <param name="actual">What there is now, as JSON; null for nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> is null.</exception>
    public ReplayDifference(
        ReplayDifferenceKind kind, string method, long? sequence = null, string? path = null, string? recorded = null, string? actual = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        Kind = kind;
        Method = method;
        Sequence = sequence;
        Path = path;
        Recorded = recorded;
        Actual = actual;
    }

    /// <summary>What kind of thing.</summary>
    public ReplayDifferenceKind Kind { get; }

    /// <summary>The method of the request or notification.</summary>
    public string Method { get; }

    /// <summary>The frame of the recorded request; null where it is about none of the client's.</summary>
    public long? Sequence { get; }

    /// <summary>Where in the answer, as <c>result.content[0].text</c>; null where it is not about a part of one.</summary>
    public string? Path { get; }

    /// <summary>What the recording has there, as JSON; null for nothing.</summary>
    public string? Recorded { get; }

    /// <summary>What there is now, as JSON; null for nothing.</summary>
    public string? Actual { get; }
}
