namespace Shadowcat.Sessions;

/// <summary>What the health check of the store can be told.</summary>
/// <remarks>They are read once, when the host starts: later changes of the configuration have no effect.</remarks>
public sealed class SessionStoreHealthCheckOptions
{
    /// <summary>How long the check waits for the store. One that takes longer does not serve.</summary>
    /// <value>10 ms to 10 minutes; 2 s by default.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>From which latency of a probe on the store is degraded.</summary>
    /// <value>1 ms to 10 minutes; 500 ms by default.</value>
    public TimeSpan DegradedLatency { get; set; } = TimeSpan.FromMilliseconds(500);
}
