using System.Globalization;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Exporting.Har;

/// <summary>A request of HTTP and what answered it: which frames are of it and what they say of it, without their payloads.</summary>
internal sealed class HarExchange
{
    private const string EventPrefix = "sse.";

    private readonly List<FrameRange> _frames = [];
    private DateTimeOffset? _answerBegan;
    private DateTimeOffset _last;
    private int _messages;
    private bool _hasEvents;

    /// <summary>The frames, as ranges in their order.</summary>
    public IReadOnlyList<FrameRange> Frames => _frames;

    public DateTimeOffset Began { get; private set; }

    /// <summary>Whether a body of the client's was recorded.</summary>
    public bool HasBody { get; private set; }

    /// <summary>What was asked, for people; null for a body that is no message, and for none.</summary>
    public string? Asked { get; private set; }

    /// <summary>The method of HTTP, where it was recorded.</summary>
    public string? RecordedMethod { get; private set; }

    /// <summary>The status, where it was recorded: that of a success with a message is not.</summary>
    public int? RecordedStatus { get; private set; }

    /// <summary>How it ended without a whole answer, and by whom; null for an answer.</summary>
    public string? End { get; private set; }

    /// <summary>What happened to messages of it before they were stored.</summary>
    public MessageFlags Flags { get; private set; }

    /// <summary>A stream is opened by a GET, and what a client says goes by a POST.</summary>
    public string Method => RecordedMethod ?? (HasBody ? "POST" : "GET");

    /// <summary>The status; 0 where there was none.</summary>
    public int Status => RecordedStatus ?? (_messages > 0 ? 200 : 0);

    /// <summary>Whether events answered it: there were several messages, or one that no plain body is.</summary>
    public bool IsStream => _hasEvents || _messages > 1 || (!HasBody && _messages > 0);

    /// <summary>How long the first byte of the answer was waited for.</summary>
    public TimeSpan Wait => HasBody ? (_answerBegan ?? Began) - Began : TimeSpan.Zero;

    /// <summary>How long the rest took.</summary>
    public TimeSpan Receive => _last - (_answerBegan ?? _last);

    /// <summary>Adds its next frame.</summary>
    public void Add(MessageEnvelope frame)
    {
        if (_frames.Count == 0)
        {
            Began = frame.Timestamp;
        }

        Note(frame.Sequence);
        Flags |= frame.Flags;
        _last = frame.Timestamp;
        if (frame.Direction == MessageDirection.ClientToServer)
        {
            HasBody = true;
            Asked = frame.Kind == MessageKind.Unparsed ? null : string.Join(' ', new[] { frame.Method ?? "an answer to the server", frame.RequestId?.Value }.OfType<string>());
            return;
        }

        _answerBegan ??= frame.Timestamp;
        RecordedMethod ??= frame.Metadata.GetValueOrDefault(HttpMessages.MethodKey);
        RecordedStatus ??= int.TryParse(frame.Metadata.GetValueOrDefault(HttpMessages.StatusKey), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;
        if (frame.Metadata.TryGetValue(ExchangeEnd.Key, out var how) && how != ExchangeEnd.Answered)
        {
            End = $"{how} by the {frame.Metadata.GetValueOrDefault(ExchangeEnd.ByKey, "?")}";
        }

        if (!TransportText.IsEnd(frame))
        {
            _messages++;
            _hasEvents |= frame.Kind is MessageKind.Request or MessageKind.Notification || frame.Metadata.Keys.Any(key => key.StartsWith(EventPrefix, StringComparison.Ordinal));
        }
    }

    private void Note(long sequence)
    {
        if (_frames is [.., { Start: { } start, Count: { } count }] && start + count == sequence)
        {
            _frames[^1] = FrameRange.From(start, count + 1);
        }
        else
        {
            _frames.Add(FrameRange.From(sequence, 1));
        }
    }
}
