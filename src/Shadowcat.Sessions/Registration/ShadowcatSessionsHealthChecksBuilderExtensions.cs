using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shadowcat.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the store to the application's health checks.</summary>
public static class ShadowcatSessionsHealthChecksBuilderExtensions
{
    private const string DefaultName = "shadowcat-sessions";

    /// <summary>Checks that the registered store answers and takes writes, that server and layout are as they have to be, and how slow, full or broken it is.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; null for the defaults. They are checked when the host starts.</param>
    /// <param name="name">What the check is called.</param>
    /// <param name="failureStatus">What is reported where the store does not serve; null for unhealthy.</param>
    /// <param name="tags">Tags that choose among checks.</param>
    /// <remarks>
    /// <para>Unhealthy: nothing answers, nothing can be written, or the layout is another one. Degraded: it serves, but slowly, not on every primary, or on
    /// borrowed time, as <see cref="SessionStoreHealth"/> says of each store. No description or entry names a session, a host or a credential.</para>
    /// <para>On Redis a check is a script for each primary, which sets a key and deletes it, and an HMGET of the layout record, all at the same time.</para>
    /// </remarks>
    public static IHealthChecksBuilder AddShadowcatSessions(
        this IHealthChecksBuilder builder,
        Action<SessionStoreHealthCheckOptions>? configure = null,
        string name = DefaultName,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        builder.Services.AddChecked(SessionStoreHealthCheckOptionsValidator.Instance, name).Configure(configure ?? (static _ => { }));
        return builder.Add(new HealthCheckRegistration(
            name, static provider => ActivatorUtilities.CreateInstance<SessionStoreHealthCheck>(provider), failureStatus, tags));
    }
}
