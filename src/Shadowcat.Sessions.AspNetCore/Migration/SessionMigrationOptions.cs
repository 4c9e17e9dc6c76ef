namespace Shadowcat.Sessions.AspNetCore;

/// <summary>How sessions go from replica to replica. Checked at start-up.</summary>
/// <remarks>They are read once, when the host starts: later changes of the configuration have no effect.</remarks>
public sealed class SessionMigrationOptions
{
    /// <summary>
    /// How long a stream on which a client listens (GET) is held open at most. A client that is there opens another one, and where <c>WithSessionEventStore</c> is on misses
    /// nothing. One that vanished without a word does not: its session ends when its time to live is over from then on.
    /// </summary>
    /// <value>1 minute to 30 days; 4 hours by default.</value>
    public TimeSpan MaxStreamDuration { get; set; } = TimeSpan.FromHours(4);
}
