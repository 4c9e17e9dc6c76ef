namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The options of <c>WithSessionMigration</c>. Checked at start-up.</summary>
/// <remarks>They are read once, when the host starts: later changes of the configuration have no effect.</remarks>
public sealed class SessionMigrationOptions
{
    /// <summary>
    /// How long a stream on which a client listens (GET) stays open at most. A client that is still there opens another one, and misses nothing with <c>WithSessionEventStore</c>. One that has vanished does
    /// not, and its session expires when its time to live is over from then on.
    /// </summary>
    /// <value>1 minute to 30 days; 4 hours by default.</value>
    public TimeSpan MaxStreamDuration { get; set; } = TimeSpan.FromHours(4);
}
