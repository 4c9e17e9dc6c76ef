namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>How two recordings differ.</summary>
internal enum DifferenceKind
{
    /// <summary>In what is known of the session: transport, peers, version, how it ended.</summary>
    Session,

    /// <summary>A message is in the first only.</summary>
    OnlyInFirst,

    /// <summary>A message is in the second only.</summary>
    OnlyInSecond,

    /// <summary>A request or notification says another thing.</summary>
    Message,

    /// <summary>A request was answered otherwise, or only in one of them.</summary>
    Answer,

    /// <summary>A message was not recorded as a whole, so that nobody knows.</summary>
    NotComparable,
}
