namespace Shadowcat.Sessions;

/// <summary>The options of a store's health check.</summary>
/// <remarks>They are read once, when the host starts: later changes of the configuration have no effect.</remarks>
public sealed class SessionStoreHealthCheckOptions
{
    /// <summary>How long the check waits for the store. A store that takes longer is unhealthy.</summary>
    /// <value>10 ms to 10 minutes; 2 s by default.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The latency of a probe from which on the store is degraded.</summary>
    /// <value>1 ms to 10 minutes; 500 ms by default.</value>
    public TimeSpan DegradedLatency { get; set; } = TimeSpan.FromMilliseconds(500);
}
