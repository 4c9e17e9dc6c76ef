using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions;
using Shadowcat.Sessions.Redis;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Chooses Redis as the store.</summary>
public static class ShadowcatSessionsRedisBuilderExtensions
{
    /// <summary>Keeps the sessions in Redis.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">Where the server is: a StackExchange.Redis configuration string, such as <c>localhost:6379</c>.</param>
    /// <remarks>The store connects by itself. A host that starts checks server and layout: what trying again cannot help fails the start, an unreachable server is only logged.</remarks>
    public static ShadowcatSessionsBuilder UseRedis(this ShadowcatSessionsBuilder builder, string configuration)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return builder.UseRedis(options => options.Configuration = configuration, connection: null, isLocated: true);
    }

    /// <summary>Keeps the sessions in Redis.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">A section with the members of <see cref="RedisSessionStoreOptions"/>; those of <see cref="SessionStoreOptions"/> may be in it too, and replace what was said of them before.</param>
    /// <remarks>As the other forms. A password belongs into a secret store that the section draws on.</remarks>
    public static ShadowcatSessionsBuilder UseRedis(this ShadowcatSessionsBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.Services.AddOptions<SessionStoreOptions>().Configure(options => ConfiguredDurations.Checked<SessionStoreOptions>(section).Bind(options));
        return builder.UseRedis(options => ConfiguredDurations.Checked<RedisSessionStoreOptions>(section).Bind(options));
    }

    /// <summary>Keeps the sessions in Redis.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, among them <see cref="RedisSessionStoreOptions.Configuration"/>; they are checked when the host starts.</param>
    /// <remarks>As the other forms.</remarks>
    public static ShadowcatSessionsBuilder UseRedis(this ShadowcatSessionsBuilder builder, Action<RedisSessionStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.UseRedis(configure, connection: null, isLocated: false);
    }

    /// <summary>Keeps the sessions in Redis, over a connection that the application has.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connection">Gets the connection; it is not disposed of by the store.</param>
    /// <param name="configure">Sets options; <see cref="RedisSessionStoreOptions.Configuration"/> is not used.</param>
    /// <remarks>The settings of the connection are the application's: <c>AbortOnConnectFail=false</c> and timeouts of at least <see cref="RedisSessionStoreOptions.OperationTimeout"/> serve well.</remarks>
    public static ShadowcatSessionsBuilder UseRedis(
        this ShadowcatSessionsBuilder builder, Func<IServiceProvider, IConnectionMultiplexer> connection, Action<RedisSessionStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return builder.UseRedis(configure, connection, isLocated: true);
    }

    private static ShadowcatSessionsBuilder UseRedis(
        this ShadowcatSessionsBuilder builder, Action<RedisSessionStoreOptions>? configure, Func<IServiceProvider, IConnectionMultiplexer>? connection, bool isLocated)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var isChosen = StoreRegistration.Of(services).Use(builder, nameof(UseRedis), provider => Create(provider, connection), isLocated);
        var options = services.AddChecked(RedisSessionStoreOptionsValidator.Instance);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (isChosen && connection is null)
        {
            options.Validate(
                static redis => !string.IsNullOrWhiteSpace(redis.Configuration),
                $"{nameof(RedisSessionStoreOptions)}.{nameof(RedisSessionStoreOptions.Configuration)} is empty; it must say where the server is, or a connection must be given.");
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RedisStartupCheck>());
        return builder;
    }

    private static RedisSessionStore Create(IServiceProvider provider, Func<IServiceProvider, IConnectionMultiplexer>? connection)
    {
        var options = provider.GetRequiredService<IOptions<SessionStoreOptions>>().Value;
        var redis = provider.GetRequiredService<IOptions<RedisSessionStoreOptions>>().Value;
        var listeners = provider.GetServices<ISessionExpirationListener>();
        var logger = provider.GetService<ILogger<RedisSessionStore>>();
        var meterFactory = provider.GetService<IMeterFactory>();
        return connection is null
            ? new RedisSessionStore(redis, provider, options, listeners, logger, meterFactory)
            : new RedisSessionStore(connection(provider), options, redis, listeners, logger, meterFactory);
    }
}
