namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>What is kept of a message to find its counterpart in another recording.</summary>
/// <param name="Sequence">Its frame.</param>
/// <param name="From">Who sent it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Title">Its method, and what is asked for.</param>
/// <param name="Hash">The hash of what is compared.</param>
/// <param name="IsWhole">Whether it was recorded as it was.</param>
internal sealed record MessageDigest(long Sequence, MessageDirection From, MessageKind Kind, string Title, UInt128 Hash, bool IsWhole)
{
    /// <summary>The answer to a request; null where there is none.</summary>
    public MessageDigest? Answer { get; set; }

    /// <summary>The HTTP status that a request got without a message; null for none.</summary>
    public int? Status { get; set; }
}
