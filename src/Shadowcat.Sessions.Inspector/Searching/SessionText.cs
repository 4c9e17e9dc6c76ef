namespace Shadowcat.Sessions.Inspector;

/// <summary>The text that the page shows of a session, for searches.</summary>
internal static class SessionText
{
    /// <summary>Whether any field that is shown contains a text, in whatever case.</summary>
    public static bool Contains(Session session, string text) => Fields(session).Any(field => field?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);

    private static IEnumerable<string?> Fields(Session session) =>
    [
        session.Id.Value,
        session.ClientInfo?.Name,
        session.ClientInfo?.Title,
        session.ClientInfo?.Version,
        session.ServerInfo?.Name,
        session.ServerInfo?.Title,
        session.ServerInfo?.Version,
        session.VersionState?.Negotiated,
        session.VersionState?.Requested,
        Words<TransportType>.Of(session.TransportType),
        Words<SessionStatus>.Of(session.Status),
        Words<SessionState>.Of(session.State),
        session.Owner?.Value,
        session.TransportSessionId,
        session.CorrelationKey,
        session.CloseReason,
        .. session.Tags.Select(static tag => tag.Value),
        .. session.Attributes.SelectMany(static entry => new[] { entry.Key, entry.Value }),
    ];
}
