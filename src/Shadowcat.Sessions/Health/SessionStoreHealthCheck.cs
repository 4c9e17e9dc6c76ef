using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Reports the health of a registered store to the health checks of the application.</summary>
/// <remarks>No exception is handed on: those of a client library name hosts and settings, and health is shown to many.</remarks>
internal sealed class SessionStoreHealthCheck(ISessionStore store, IOptionsMonitor<SessionStoreHealthCheckOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var limits = options.Get(context.Registration.Name);
        var health = await SessionStoreHealth.OfAsync(store, limits.Timeout, cancellationToken).ConfigureAwait(false);
        health = Judge(health, limits);
        var status = health.Status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : health.Status;
        return new HealthCheckResult(status, health.Problems.Count == 0 ? null : string.Join(' ', health.Problems), exception: null, health.Facts);
    }

    private static SessionStoreHealth Judge(SessionStoreHealth health, SessionStoreHealthCheckOptions limits) =>
        health.Facts.TryGetValue(HealthFacts.Latency, out var latency) && latency is double milliseconds && milliseconds >= limits.DegradedLatency.TotalMilliseconds
            ? health.With(HealthStatus.Degraded, string.Create(CultureInfo.InvariantCulture, $"The store is slow: a probe took {milliseconds} ms."))
            : health;
}
