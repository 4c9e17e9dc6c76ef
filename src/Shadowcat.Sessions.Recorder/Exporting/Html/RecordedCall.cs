namespace Shadowcat.Sessions.Recorder.Exporting.Html;

/// <summary>A request and how it was answered, without the payloads of either.</summary>
/// <param name="request">The frame of the request.</param>
/// <param name="target">The tool, prompt or resource that it is for; null for none.</param>
internal sealed class RecordedCall(MessageEnvelope request, string? target)
{
    /// <summary>The frame of the request.</summary>
    public long Sequence { get; } = request.Sequence;

    public DateTimeOffset Time { get; } = request.Timestamp;

    public string Method { get; } = request.Method ?? "";

    public string? Target { get; } = target;

    /// <summary>The frame that answers it, or says how it ended without an answer; null where there is none.</summary>
    public long? EndSequence { get; private set; }

    /// <summary>How long that took; null where it has no end.</summary>
    public TimeSpan? Duration { get; private set; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Failure { get; private set; } = "no answer";

    public void End(MessageEnvelope end, string? failure) => (EndSequence, Duration, Failure) = (end.Sequence, end.Timestamp - Time, failure);
}
