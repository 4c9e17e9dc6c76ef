namespace Shadowcat.Sessions.Mcp;

/// <summary>How a session ended.</summary>
internal sealed record SessionEnd(SessionStatus Status, string Reason)
{
    /// <summary>Whether the session ended because it was idle, so that a further message reopens it.</summary>
    public bool IsIdle { get; init; }

    /// <summary>Less than a store accepts, since the number of dropped messages is added.</summary>
    private const int MaxReasonLength = 3900;

    /// <summary>Checks that a store accepts a reason.</summary>
    public static void Check(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reason.Length, MaxReasonLength, nameof(reason));
        if (reason.Any(character => char.IsControl(character) || char.IsSurrogate(character)))
        {
            throw new ArgumentException("A close reason has no control characters and no surrogates.", nameof(reason));
        }
    }
}
