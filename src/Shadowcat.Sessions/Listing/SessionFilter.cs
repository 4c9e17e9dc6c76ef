namespace Shadowcat.Sessions;

/// <summary>Which sessions a listing yields: those that meet every condition that is set.</summary>
public sealed record SessionFilter
{
    /// <summary>Every session.</summary>
    public static SessionFilter None { get; } = new();

    /// <summary>The session stands like this.</summary>
    public SessionStatus? Status { get; init; }

    /// <summary>The session's messages are carried by this.</summary>
    public TransportType? TransportType { get; init; }

    /// <summary>The session has all of these tags.</summary>
    public SessionTags Tags { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = SessionTags.None;

    /// <summary>The session has none of these tags.</summary>
    public SessionTags WithoutTags { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = SessionTags.None;

    /// <summary>The session belongs to this principal.</summary>
    public SessionOwner? Owner { get; init; }

    /// <summary>The last activity was at this time or later.</summary>
    public DateTimeOffset? ActiveSince { get; init; }

    /// <summary>The last activity was before this time.</summary>
    public DateTimeOffset? ActiveBefore { get; init; }

    /// <summary>Tells whether a session meets every condition.</summary>
    public bool Matches(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return (Status is null || session.Status == Status)
            && (TransportType is null || session.TransportType == TransportType)
            && (Owner is null || Owner.Equals(session.Owner))
            && (ActiveSince is null || session.LastActivity >= ActiveSince)
            && (ActiveBefore is null || session.LastActivity < ActiveBefore)
            && session.Tags.ContainsAll(Tags)
            && !WithoutTags.Any(session.Tags.Contains);
    }
}
