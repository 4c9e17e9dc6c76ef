namespace Shadowcat.Sessions.Mcp;

/// <summary>What is known of a message beside its bytes.</summary>
internal sealed record MessageFacts
{
    /// <summary>Nothing.</summary>
    public static MessageFacts None { get; } = new();

    /// <summary>What the transport said beside it.</summary>
    public FrameMetadata Metadata { get; init; } = FrameMetadata.None;

    /// <summary>What is known to have happened to it.</summary>
    public MessageFlags Flags { get; init; }

    /// <summary>Tells a request and its answer from others with the same request id.</summary>
    public string? ExchangeId { get; init; }

    /// <summary>The key of what the message hands out for later requests to name; null for nothing, or what was handed out before.</summary>
    public string? HandsOut { get; init; }

    /// <summary>What the transport called the session at that moment.</summary>
    public string? TransportSessionId { get; init; }

    /// <summary>The protocol version that the transport named.</summary>
    public string? TransportVersion { get; init; }
}
