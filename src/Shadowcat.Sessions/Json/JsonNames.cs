namespace Shadowcat.Sessions;

/// <summary>What the values of the model's enums are called in JSON, wherever it is written: by <see cref="SessionsJsonConverter"/>, in archives and in Redis.</summary>
internal static class JsonNames
{
    public static WireNames<TransportType> Transports { get; } = new("stdio", "http", "sse", "streamable-http", "websocket");

    public static WireNames<SessionStatus> Statuses { get; } = new("active", "completed", "failed", "timed-out");

    public static WireNames<SessionState> States { get; } = new("initializing", "active", "shutting-down", "closed");

    public static WireNames<SessionBoundary> Boundaries { get; } = new("handshake", "connection", "correlated", "exchange");

    public static WireNames<MessageDirection> Directions { get; } = new("c2s", "s2c", "internal");

    public static WireNames<MessageKind> Kinds { get; } = new("unparsed", "request", "response", "error", "notification");

    /// <summary>The flags in the order of their bits.</summary>
    private static string[] Flags { get; } = ["truncated", "redacted", "undelivered"];

    /// <summary>The names of the flags that are set.</summary>
    public static IEnumerable<string> Of(MessageFlags flags) => Flags.Where((_, bit) => ((int)flags & (1 << bit)) != 0);

    /// <exception cref="FormatException">One of them is no flag.</exception>
    public static MessageFlags ParseFlags(IEnumerable<string> names) => names.Aggregate(MessageFlags.None, (flags, name) =>
        Array.IndexOf(Flags, name) is var bit and >= 0
            ? flags | (MessageFlags)(1 << bit)
            : throw new FormatException($"A flag is one of: {string.Join(", ", Flags)}."));
}
