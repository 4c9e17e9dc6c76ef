namespace Shadowcat.Sessions.Recorder.Analysis;

/// <summary>A request of a conversation, and what is known of its end. Its payload is not kept.</summary>
internal sealed class Call(MessageEnvelope request)
{
    private const int FirstFailure = 400;

    public long Sequence { get; } = request.Sequence;

    public DateTimeOffset At { get; } = request.Timestamp;

    /// <summary>Who asked.</summary>
    public MessageDirection From { get; } = request.Direction;

    public RequestId Id { get; } = request.RequestId!.Value;

    public string Method { get; } = request.Method!;

    /// <summary>The tool, prompt or resource that is asked for; null where the method has none.</summary>
    public string? Subject { get; } = Subjects.Of(request);

    public string? ExchangeId { get; } = request.ExchangeId;

    /// <summary>The protocol version that the request names; null for none.</summary>
    public string? Version { get; } = request.ProtocolVersion;

    /// <summary>How long the request was.</summary>
    public long Bytes { get; } = RecordedLength.Of(request);

    /// <summary>An earlier request of the same id and exchange that was not answered either.</summary>
    public Call? Earlier { get; set; }

    /// <summary>The frame that cancels the request; null for none.</summary>
    public long? CancelledAt { get; set; }

    /// <summary>How its exchange ended where the recording says so.</summary>
    public string? End { get; set; }

    /// <summary>Who ended it.</summary>
    public string? EndedBy { get; set; }

    /// <summary>The HTTP status with which it ended; null for none.</summary>
    public int? EndStatus { get; set; }

    /// <summary>Whether that status says that the request failed.</summary>
    public bool HasFailed => EndStatus >= FirstFailure;

    /// <summary>The method, and what is asked for.</summary>
    public string Title => Subject is null ? Method : $"{Method} {Subject}";
}
