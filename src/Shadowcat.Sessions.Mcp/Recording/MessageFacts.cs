namespace Shadowcat.Sessions.Mcp;

/// <summary>What is known about a message besides its bytes.</summary>
internal sealed record MessageFacts
{
    /// <summary>Nothing.</summary>
    public static MessageFacts None { get; } = new();

    /// <summary>What the transport said besides the message, such as headers.</summary>
    public FrameMetadata Metadata { get; init; } = FrameMetadata.None;

    /// <summary>What happened to the message.</summary>
    public MessageFlags Flags { get; init; }

    /// <summary>The exchange that the message belongs to: distinguishes requests with the same id.</summary>
    public string? ExchangeId { get; init; }

    /// <summary>The key of the task or request state that the message hands out; null where it hands out none, or one that is noted already.</summary>
    public string? HandsOut { get; init; }

    /// <summary>The id that the transport gave the session.</summary>
    public string? TransportSessionId { get; init; }

    /// <summary>The protocol version in the headers of the transport.</summary>
    public string? TransportVersion { get; init; }
}
