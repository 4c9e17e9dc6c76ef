using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions;
using Shadowcat.Sessions.Redis;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Chooses Redis as the store.</summary>
public static class ShadowcatSessionsRedisBuilderExtensions
{
    /// <summary>Keeps the sessions in Redis, at the server that the configuration names.</summary>
    /// <param name="builder">The builder, of a store with a section of the configuration. In that, the section <c>Redis</c> has the members of <see cref="RedisSessionStoreOptions"/>, among them <see cref="RedisSessionStoreOptions.Configuration"/>.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// The store connects by itself. A host that starts checks server and layout: what trying again cannot help fails the start, an unreachable server is only logged.
    /// A password belongs into a secret store that the configuration draws on.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Another store was chosen before.</exception>
    /// <example>
    /// <code>
    /// services.AddShadowcatSessions(configuration.GetSection("Shadowcat:Sessions")).UseRedis();
    /// </code>
    /// </example>
    public static ShadowcatSessionsBuilder UseRedis(this ShadowcatSessionsBuilder builder) => Use(builder, configure: null, static _ => { });

    /// <summary>Keeps the sessions in Redis, at a server that the code names.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">Where the server is: a StackExchange.Redis configuration string, such as <c>localhost:6379</c>.</param>
    /// <returns>The builder.</returns>
    /// <remarks>The store connects by itself. A host that starts checks server and layout: what trying again cannot help fails the start, an unreachable server is only logged.</remarks>
    /// <exception cref="InvalidOperationException">Another store, or another server, was chosen before.</exception>
    public static ShadowcatSessionsBuilder UseRedis(this ShadowcatSessionsBuilder builder, string configuration)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return Use(builder, options => options.Configuration = configuration, static location => location.Say(connection: null));
    }

    /// <summary>Keeps the sessions in Redis, with options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, behind those of the section <c>Redis</c> in the store's section; one of both says <see cref="RedisSessionStoreOptions.Configuration"/>. They are checked when the host starts.</param>
    /// <returns>The builder.</returns>
    /// <remarks>The store connects by itself. A host that starts checks server and layout: what trying again cannot help fails the start, an unreachable server is only logged.</remarks>
    /// <exception cref="InvalidOperationException">Another store was chosen before.</exception>
    public static ShadowcatSessionsBuilder UseRedis(this ShadowcatSessionsBuilder builder, Action<RedisSessionStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Use(builder, configure, static _ => { });
    }

    /// <summary>Keeps the sessions in Redis, over a connection that the application has.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connection">Gets the connection; it is not disposed of by the store.</param>
    /// <param name="configure">Sets options; <see cref="RedisSessionStoreOptions.Configuration"/> is not used. Null, the default, for nothing.</param>
    /// <returns>The builder.</returns>
    /// <remarks>The settings of the connection are the application's: <c>AbortOnConnectFail=false</c> and timeouts of at least <see cref="RedisSessionStoreOptions.OperationTimeout"/> serve well.</remarks>
    /// <exception cref="InvalidOperationException">Another store, or another server, was chosen before.</exception>
    public static ShadowcatSessionsBuilder UseRedis(
        this ShadowcatSessionsBuilder builder, Func<IServiceProvider, IConnectionMultiplexer> connection, Action<RedisSessionStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return Use(builder, configure, location => location.Say(connection));
    }

    private static ShadowcatSessionsBuilder Use(ShadowcatSessionsBuilder builder, Action<RedisSessionStoreOptions>? configure, Action<RedisLocation> locate)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var isChosen = builder.TryUseStore(provider => Create(builder, provider), nameof(UseRedis));
        var options = builder.AddOptions("Redis", static (section, bound) => section.Bind(bound), RedisSessionStoreOptionsValidator.Instance);
        locate(isChosen ? Choose(builder, options) : LocationOf(builder));
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder;
    }

    private static RedisLocation Choose(ShadowcatSessionsBuilder builder, OptionsBuilder<RedisSessionStoreOptions> options)
    {
        var location = new RedisLocation();
        builder.Services.AddKeyedSingleton(builder.Name, location);
        options.Validate(
            redis => location.Connection is not null || !string.IsNullOrWhiteSpace(redis.Configuration),
            $"{nameof(RedisSessionStoreOptions)}.{nameof(RedisSessionStoreOptions.Configuration)} is empty; it must say where the server is, or a connection must be given.");
        builder.AddStartupCheck((provider, store, cancellationToken) => RedisStartupCheck.RunAsync(
            (RedisSessionStore)store, builder.GetLogger<RedisSessionStore>(provider) ?? NullLogger<RedisSessionStore>.Instance, cancellationToken));
        return location;
    }

    private static RedisLocation LocationOf(ShadowcatSessionsBuilder builder) => builder.Services
        .Where(service => builder.Name.Equals(service.ServiceKey))
        .Select(static service => service.KeyedImplementationInstance)
        .OfType<RedisLocation>()
        .Single();

    private static RedisSessionStore Create(ShadowcatSessionsBuilder builder, IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<SessionStoreOptions>>().Get(builder.Name);
        var redis = provider.GetRequiredService<IOptionsMonitor<RedisSessionStoreOptions>>().Get(builder.Name);
        var listeners = builder.GetExpirationListeners(provider);
        var logger = builder.GetLogger<RedisSessionStore>(provider);
        var meterFactory = builder.GetMeterFactory(provider);
        return provider.GetRequiredKeyedService<RedisLocation>(builder.Name).Connection is { } connection
            ? new RedisSessionStore(connection(provider), options, redis, listeners, logger, meterFactory)
            : new RedisSessionStore(redis, provider, options, listeners, logger, meterFactory);
    }
}
