namespace Shadowcat.Sessions.Mcp;

/// <summary>How a session ended.</summary>
internal sealed record SessionEnd(SessionStatus Status, string Reason)
{
    /// <summary>Whether the session goes on here when something is said in it after all.</summary>
    public bool IsSilence { get; init; }

    /// <summary>Leaves room for the number of dropped messages in what a store takes.</summary>
    private const int MaxReasonLength = 3900;

    /// <summary>Refuses a reason that a store would refuse.</summary>
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
