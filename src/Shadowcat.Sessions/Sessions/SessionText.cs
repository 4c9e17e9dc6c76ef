namespace Shadowcat.Sessions;

/// <summary>The texts of a session: what makes one take much memory.</summary>
internal static class SessionText
{
    /// <summary>What they take in memory, about: what else a session holds is small.</summary>
    public static long Bytes(Session session) => sizeof(char) * (
        (2L * ((session.ClientInfo?.Json.Length ?? 0) + (session.ServerInfo?.Json.Length ?? 0)))
        + session.Id.Value.Length
        + session.Tags.Sum(tag => (long)tag.Value.Length)
        + session.Attributes.Sum(attribute => (long)attribute.Key.Length + attribute.Value.Length)
        + (session.VersionState?.Attempts.Sum(attempt => (long)attempt.Requested.Length + (attempt.Answered?.Length ?? 0)) ?? 0)
        + (session.TransportSessionId?.Length ?? 0)
        + (session.CorrelationKey?.Length ?? 0)
        + (session.CloseReason?.Length ?? 0)
        + (session.Owner is { } owner ? owner.ClaimType.Length + owner.Value.Length + owner.Issuer.Length : 0));
}
