using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers an <see cref="ISessionStore"/>, or several of them by names.</summary>
public static class ShadowcatSessionsServiceCollectionExtensions
{
    /// <summary>Registers a store in the memory of this process, as a singleton, and a service that reclaims expired sessions while the host runs.</summary>
    /// <param name="services">Where to register.</param>
    /// <returns>A builder, to choose another store, such as <c>UseRedis</c> of the package <c>Shadowcat.Sessions.Redis</c>, and to put something around it.</returns>
    /// <remarks>
    /// An <see cref="ISessionStore"/> that the application registered as a singleton before stays the store, and what the builder puts around the store is put around it. The host does not start where another one would
    /// be handed out without that. The clock is the registered <see cref="TimeProvider"/>, else the system's. Every registered <see cref="ISessionExpirationListener"/> is notified of expired sessions.
    /// </remarks>
    /// <example>
    /// <code>
    /// services.AddShadowcatSessions().UseRedis("localhost:6379").WithCaching();
    /// </code>
    /// </example>
    public static ShadowcatSessionsBuilder AddShadowcatSessions(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Add(services, name: "", section: null);
    }

    /// <summary>Registers a store in the memory of this process, with options.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    /// <returns>A builder, to choose another store and to put something around it.</returns>
    /// <remarks>
    /// An <see cref="ISessionStore"/> that the application registered as a singleton before stays the store, and what the builder puts around the store is put around it. The host does not start where another one would
    /// be handed out without that. The clock is the registered <see cref="TimeProvider"/>, else the system's. Every registered <see cref="ISessionExpirationListener"/> is notified of expired sessions.
    /// </remarks>
    /// <example>
    /// <code>
    /// services.AddShadowcatSessions(options => options.TimeToLive = TimeSpan.FromHours(2));
    /// </code>
    /// </example>
    public static ShadowcatSessionsBuilder AddShadowcatSessions(this IServiceCollection services, Action<SessionStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var builder = Add(services, name: "", section: null);
        services.Configure(configure);
        return builder;
    }

    /// <summary>Registers a store in the memory of this process, all of whose options are in one section of the configuration, such as <c>Shadowcat:Sessions</c>.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="section">
    /// A section with the members of <see cref="SessionStoreOptions"/>, and a section in it for whatever is called on the builder: <c>Redis</c> for <c>UseRedis</c>, <c>Caching</c>, <c>Buffering</c>, <c>Protection</c> for
    /// <c>WithDataProtection</c>; and <c>HealthChecks</c>, <c>Recording</c>, <c>Migration</c>, <c>Events</c> and <c>ClientLimits</c> for what uses the store.
    /// </param>
    /// <returns>A builder, to choose another store and to put something around it.</returns>
    /// <remarks>
    /// The host does not start where a key in the section is bound by nothing: because it is misspelt, or the call that it is for was not made. Options that are set in code are set behind those of the section.
    /// The section is read once; later changes of the configuration have no effect. An <see cref="ISessionStore"/> that the application registered as a singleton before stays the store. Every registered
    /// <see cref="ISessionExpirationListener"/> is notified of expired sessions.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The store has a section already.</exception>
    /// <example>
    /// <code>
    /// // { "Shadowcat": { "Sessions": { "TimeToLive": "02:00:00", "Redis": { "Configuration": "localhost:6379" }, "Caching": { "Capacity": 5000 } } } }
    /// services.AddShadowcatSessions(configuration.GetSection("Shadowcat:Sessions")).UseRedis().WithCaching();
    /// </code>
    /// </example>
    public static ShadowcatSessionsBuilder AddShadowcatSessions(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, name: "", section);
    }

    /// <summary>Registers one of several stores, by a name: a store in the memory of this process, as a singleton, and a service that reclaims its expired sessions while the host runs.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="name">The name: 1 to 64 letters, digits, dots, dashes and underscores. It is the key of the store's services, <c>[FromKeyedServices("name")] ISessionStore</c>, and the name of its options.</param>
    /// <returns>A builder, to choose another store and to put something around it.</returns>
    /// <remarks>
    /// Stores of different names have nothing in common: each has its own options, decorators, health check and buffer. Only an <see cref="ISessionExpirationListener"/> that is registered with the name as its key is notified of the store's expired sessions.
    /// What uses a store takes the one without a name, unless it is given a name: <c>WithSessionRecording(storeName: "name")</c>. Logs, measurements and spans say the name (<see cref="SessionTelemetry.StoreTag"/>).
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="InvalidOperationException">A store with this name was registered before.</exception>
    /// <example>
    /// <code>
    /// services.AddShadowcatSessions().UseRedis("localhost:6379");
    /// services.AddShadowcatSessions("archive").UseRedis("archive:6379").WithDataProtection();
    /// </code>
    /// </example>
    public static ShadowcatSessionsBuilder AddShadowcatSessions(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Add(services, StoreName.Check(name, nameof(name)), section: null);
    }

    /// <summary>Registers one of several stores, by a name, with options.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="name">The name: 1 to 64 letters, digits, dots, dashes and underscores. It is the key of the store's services, and the name of its options.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    /// <returns>A builder, to choose another store and to put something around it.</returns>
    /// <remarks>
    /// Stores of different names have nothing in common: each has its own options, decorators, health check and buffer. Only an <see cref="ISessionExpirationListener"/> that is registered with the name as its key is notified of the store's expired sessions.
    /// What uses a store takes the one without a name, unless it is given a name: <c>WithSessionRecording(storeName: "name")</c>. Logs, measurements and spans say the name (<see cref="SessionTelemetry.StoreTag"/>).
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="InvalidOperationException">A store with this name was registered before.</exception>
    public static ShadowcatSessionsBuilder AddShadowcatSessions(this IServiceCollection services, string name, Action<SessionStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var builder = Add(services, StoreName.Check(name, nameof(name)), section: null);
        services.Configure(name, configure);
        return builder;
    }

    /// <summary>Registers one of several stores, by a name, all of whose options are in one section of the configuration.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="name">The name: 1 to 64 letters, digits, dots, dashes and underscores. It is the key of the store's services, and the name of its options.</param>
    /// <param name="section">A section of this store alone, as <see cref="AddShadowcatSessions(IServiceCollection, IConfiguration)"/> describes it.</param>
    /// <returns>A builder, to choose another store and to put something around it.</returns>
    /// <remarks>
    /// Stores of different names have nothing in common: each has its own options, decorators, health check and buffer. Only an <see cref="ISessionExpirationListener"/> that is registered with the name as its key is notified of the store's expired sessions.
    /// What uses a store takes the one without a name, unless it is given a name: <c>WithSessionRecording(storeName: "name")</c>. Logs, measurements and spans say the name (<see cref="SessionTelemetry.StoreTag"/>).
    /// The host does not start where a key in the section is bound by nothing. Options that are set in code are set behind those of the section, which is read once.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="InvalidOperationException">A store with this name was registered before.</exception>
    public static ShadowcatSessionsBuilder AddShadowcatSessions(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, StoreName.Check(name, nameof(name)), section);
    }

    private static ShadowcatSessionsBuilder Add(IServiceCollection services, string name, IConfiguration? section)
    {
        var registration = StoreRegistrations.Of(services, name);
        var builder = new ShadowcatSessionsBuilder(registration);
        if (registration.TryBegin(section))
        {
            registration.AddOptions<SessionStoreOptions>(section: "", static (from, options) => from.Bind(options), SessionStoreOptionsValidator.Instance, name);
            registration.UseDefault(provider => new InMemorySessionStore(
                OptionsOf(provider, name),
                builder.GetExpirationListeners(provider),
                builder.GetLogger<InMemorySessionStore>(provider),
                builder.GetMeterFactory(provider),
                provider.GetService<TimeProvider>()));
            services.AddSingleton<IHostedService>(provider => new SessionReaper(
                builder.GetStore(provider), OptionsOf(provider, name).ReapInterval, provider.GetService<TimeProvider>(), builder.GetLogger<SessionReaper>(provider)));
        }

        return builder;
    }

    private static SessionStoreOptions OptionsOf(IServiceProvider provider, string name) => provider.GetRequiredService<IOptionsMonitor<SessionStoreOptions>>().Get(name);
}
