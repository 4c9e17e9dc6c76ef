using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shadowcat.Sessions;

namespace Gateway.Replicas;

/// <summary>A replica that does not reach the store can neither begin nor take over a session: a load balancer should send them elsewhere.</summary>
internal sealed class StoreHealthCheck(ISessionStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return HealthCheckResult.Healthy($"{await store.CountSessionsAsync(cancellationToken)} sessions");
        }
        catch (SessionStoreException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.GetType().Name);
        }
    }
}
