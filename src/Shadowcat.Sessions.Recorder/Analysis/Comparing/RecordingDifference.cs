namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>One thing in which two recordings differ.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Title">What it is about: a method and what is asked for, or what of the session.</param>
internal sealed record RecordingDifference(DifferenceKind Kind, string Title)
{
    /// <summary>Who sent the message; null where it is about none.</summary>
    public MessageDirection? From { get; init; }

    /// <summary>The frame in the first; null for none.</summary>
    public long? FirstSequence { get; init; }

    /// <summary>The frame in the second; null for none.</summary>
    public long? SecondSequence { get; init; }

    /// <summary>Where in the message; null for all of it.</summary>
    public string? Path { get; init; }

    /// <summary>What the first has there; null for nothing.</summary>
    public string? First { get; init; }

    /// <summary>What the second has there; null for nothing.</summary>
    public string? Second { get; init; }
}
