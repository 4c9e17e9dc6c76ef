namespace Shadowcat.Sessions;

/// <summary>Which sessions a listing yields, and in which order: those that meet every condition that is set.</summary>
/// <example>
/// The sessions of a client that were created in the last hour, the newest first:
/// <code>new SessionFilter { ClientName = "my-client", CreatedSince = DateTimeOffset.UtcNow.AddHours(-1), Order = SessionOrder.NewestFirst }</code>
/// </example>
public sealed record SessionFilter
{
    /// <summary>Every session, the oldest first.</summary>
    public static SessionFilter None { get; } = new();

    /// <summary>The order in which sessions come.</summary>
    /// <value>The default is <see cref="SessionOrder.OldestFirst"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public SessionOrder Order { get; init => field = Defined.Or(value, "session order"); }

    /// <summary>The session has this status.</summary>
    public SessionStatus? Status { get; init; }

    /// <summary>The session is in this state.</summary>
    public SessionState? State { get; init; }

    /// <summary>The session has this boundary.</summary>
    public SessionBoundary? Boundary { get; init; }

    /// <summary>The session has this transport.</summary>
    public TransportType? TransportType { get; init; }

    /// <summary>The session has all of these tags.</summary>
    public SessionTags Tags { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = SessionTags.None;

    /// <summary>The session has none of these tags.</summary>
    public SessionTags WithoutTags { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = SessionTags.None;

    /// <summary>The session belongs to this principal.</summary>
    public SessionOwner? Owner { get; init; }

    /// <summary>The client has this name (<see cref="Peer.Name"/>); compared ordinally.</summary>
    public string? ClientName { get; init; }

    /// <summary>The server has this name (<see cref="Peer.Name"/>); compared ordinally.</summary>
    public string? ServerName { get; init; }

    /// <summary>The session has this <see cref="Session.TransportSessionId"/>; compared ordinally.</summary>
    public string? TransportSessionId { get; init; }

    /// <summary>The session has this <see cref="Session.CorrelationKey"/>; compared ordinally.</summary>
    public string? CorrelationKey { get; init; }

    /// <summary>The session was created at this time or later. A store looks at no session that was created earlier.</summary>
    public DateTimeOffset? CreatedSince { get; init; }

    /// <summary>The session was created before this time. A store looks at no session that was created at it or later.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>The last activity was at this time or later.</summary>
    public DateTimeOffset? ActiveSince { get; init; }

    /// <summary>The last activity was before this time.</summary>
    public DateTimeOffset? ActiveBefore { get; init; }

    /// <summary>Whether a session meets every condition. The order is no condition.</summary>
    public bool Matches(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return (Status is null || session.Status == Status)
            && (State is null || session.State == State)
            && (Boundary is null || session.Boundary == Boundary)
            && (TransportType is null || session.TransportType == TransportType)
            && (Owner is null || Owner.Equals(session.Owner))
            && Is(ClientName, session.ClientInfo?.Name)
            && Is(ServerName, session.ServerInfo?.Name)
            && Is(TransportSessionId, session.TransportSessionId)
            && Is(CorrelationKey, session.CorrelationKey)
            && (CreatedSince is null || session.CreatedAt >= CreatedSince)
            && (CreatedBefore is null || session.CreatedAt < CreatedBefore)
            && (ActiveSince is null || session.LastActivity >= ActiveSince)
            && (ActiveBefore is null || session.LastActivity < ActiveBefore)
            && session.Tags.ContainsAll(Tags)
            && !WithoutTags.Any(session.Tags.Contains);
    }

    private static bool Is(string? wanted, string? found) => wanted is null || string.Equals(wanted, found, StringComparison.Ordinal);
}
