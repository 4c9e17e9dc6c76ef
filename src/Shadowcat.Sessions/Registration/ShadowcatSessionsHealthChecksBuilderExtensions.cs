using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a store to the application's health checks.</summary>
public static class ShadowcatSessionsHealthChecksBuilderExtensions
{
    private const string DefaultName = "shadowcat-sessions";

    /// <summary>Checks that a registered store answers and takes writes, that server and layout are as they have to be, and how slow, full or broken it is.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, behind those of the section <c>HealthChecks</c> in the store's section; null, the default, for nothing. They are checked when the host starts.</param>
    /// <param name="name">What the check is called; null, the default, for <c>shadowcat-sessions</c>, or <c>shadowcat-sessions-archive</c> for the store named <c>archive</c>.</param>
    /// <param name="failureStatus">What is reported where the store does not serve; null for unhealthy.</param>
    /// <param name="tags">Tags that choose among checks.</param>
    /// <param name="storeName">Which of several stores is checked; null, the default, for the one without a name.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>Unhealthy: nothing answers, nothing can be written, or the layout is another one. Degraded: it serves, but slowly, not on every primary, or on
    /// borrowed time, as <see cref="SessionStoreHealth"/> says of each store. No description or entry names a session, a host or a credential.</para>
    /// <para>On Redis a check is a script for each primary, which sets a key and deletes it, and an HMGET of the layout record, all at the same time.</para>
    /// </remarks>
    public static IHealthChecksBuilder AddShadowcatSessions(
        this IHealthChecksBuilder builder,
        Action<SessionStoreHealthCheckOptions>? configure = null,
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        string? storeName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var sessions = ShadowcatSessionsBuilder.For(builder.Services, storeName);
        name ??= storeName is null ? DefaultName : $"{DefaultName}-{storeName}";
        ArgumentException.ThrowIfNullOrEmpty(name);
        var options = sessions.AddOptions("HealthChecks", static (section, bound) => section.Bind(bound), SessionStoreHealthCheckOptionsValidator.Instance, name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder.Add(new HealthCheckRegistration(
            name,
            provider => new SessionStoreHealthCheck(sessions.GetStore(provider), provider.GetRequiredService<IOptionsMonitor<SessionStoreHealthCheckOptions>>()),
            failureStatus,
            tags));
    }
}
