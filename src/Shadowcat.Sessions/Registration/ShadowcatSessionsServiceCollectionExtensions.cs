using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers an <see cref="ISessionStore"/>.</summary>
public static class ShadowcatSessionsServiceCollectionExtensions
{
    /// <summary>Registers a store in the memory of this process, as a singleton, and a service that reclaims expired sessions while the host runs.</summary>
    /// <param name="services">Where to register.</param>
    /// <returns>A builder, to choose another store, such as <c>UseRedis</c> of the package <c>Shadowcat.Sessions.Redis</c>, and to put something around it.</returns>
    /// <remarks>
    /// An <see cref="ISessionStore"/> that the application has registered stays the store; what <c>WithDataProtection</c>, <c>WithBuffering</c> and <c>WithCaching</c> put around the store
    /// is put around it where it is a singleton that was registered before these. A host does not start where another one, or a keyed one, would be handed out without them.
    /// The clock is the registered <see cref="TimeProvider"/>, else the system's. Every registered <see cref="ISessionExpirationListener"/> is told of expired sessions.
    /// </remarks>
    public static ShadowcatSessionsBuilder AddShadowcatSessions(this IServiceCollection services) =>
        services.AddShadowcatSessions(static _ => { });

    /// <summary>As the first form, with options.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ShadowcatSessionsBuilder AddShadowcatSessions(this IServiceCollection services, Action<SessionStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddChecked(SessionStoreOptionsValidator.Instance).Configure(configure);
        StoreRegistration.Of(services).TryUse(static provider => new InMemorySessionStore(
            provider.GetRequiredService<IOptions<SessionStoreOptions>>().Value,
            provider.GetServices<ISessionExpirationListener>(),
            provider.GetService<ILogger<InMemorySessionStore>>(),
            provider.GetService<IMeterFactory>(),
            provider.GetService<TimeProvider>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SessionReaper>());
        return new ShadowcatSessionsBuilder(services);
    }

    /// <summary>As the first form, with the options taken from a configuration section, such as <c>Shadowcat:Sessions</c>.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="section">A section with the members of <see cref="SessionStoreOptions"/>.</param>
    public static ShadowcatSessionsBuilder AddShadowcatSessions(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddShadowcatSessions(options => ConfiguredDurations.Checked<SessionStoreOptions>(section).Bind(options));
    }
}
