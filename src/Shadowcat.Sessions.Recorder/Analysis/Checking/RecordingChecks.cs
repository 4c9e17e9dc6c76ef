namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>Looks for what is missing in the recording itself.</summary>
internal sealed class RecordingChecks(Session session, Findings findings) : IConversationCheck
{
    private const string DroppedKey = "recording.dropped";
    private const string WithheldKey = "recording.withheld";
    private const string DroppedAtEnd = "messages were not recorded";

    private long? _last;

    /// <summary>Whether messages are missing, so that an answer may be without its request and the other way round.</summary>
    public bool HasGaps { get; private set; }

    public void Observe(ObservedFrame observed)
    {
        var frame = observed.Frame;
        ObserveSequence(frame.Sequence);
        if (frame.Metadata.TryGetValue(DroppedKey, out var dropped))
        {
            HasGaps = true;
            findings.Add(CheckRules.RecordingGap, frame.Sequence, $"{dropped} messages before this one were not recorded.");
        }

        if (frame.Metadata.TryGetValue(WithheldKey, out var reason))
        {
            findings.Add(CheckRules.IncompleteMessage, frame.Sequence, $"The message was withheld ({reason}): {RecordedLength.Of(frame)} bytes.");
        }
        else if ((frame.Flags & MessageFlags.Truncated) != 0)
        {
            findings.Add(CheckRules.IncompleteMessage, frame.Sequence, $"{frame.Payload.Length} of {RecordedLength.Of(frame)} bytes of the message were recorded.");
        }

        if ((frame.Flags & MessageFlags.Undelivered) != 0)
        {
            findings.Add(CheckRules.Undelivered, frame.Sequence, $"What {Sides.Sender(frame.Direction)} sent never reached the other side.");
        }
    }

    public void Complete()
    {
        if (session.CloseReason?.Contains(DroppedAtEnd, StringComparison.Ordinal) == true)
        {
            findings.Add(CheckRules.RecordingGap, sequence: null, $"The recording ended so: {session.CloseReason}.");
        }
    }

    private void ObserveSequence(long sequence)
    {
        if (_last is null && sequence > 0)
        {
            HasGaps = true;
            findings.Add(CheckRules.RecordingGap, sequence, $"The first {sequence} frames were removed from the recording.", Severity.Note);
        }
        else if (_last is { } last && sequence != last + 1)
        {
            HasGaps = true;
            findings.Add(CheckRules.RecordingGap, sequence, $"The frames from #{last + 1} to #{sequence - 1} are missing.");
        }

        _last = sequence;
    }
}
