using Shadowcat.Sessions;
using Shadowcat.Sessions.Aspire;
using Shadowcat.Sessions.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers session stores on the Redis resources of an Aspire AppHost.</summary>
public static class AspireShadowcatSessionsExtensions
{
    /// <summary>Registers an <see cref="ISessionStore"/> on the Redis of a connection, with its health check, traces and metrics.</summary>
    /// <param name="builder">The builder of the application.</param>
    /// <param name="connectionName">The name of the connection, which is that of the resource in the AppHost: the connection string is <c>ConnectionStrings:{connectionName}</c>.</param>
    /// <param name="configureSettings">Changes the settings after they were read; null, the default, for no change.</param>
    /// <param name="configureOptions">Sets options of the store on Redis after they were read; null, the default, for none.</param>
    /// <returns>The builder of the store, for decorators: <c>.WithCaching()</c>.</returns>
    /// <remarks>
    /// The settings are in the section <c>Aspire:Shadowcat:Sessions</c>, and in the section of that which has the name of the connection. The options of the store are in the section <c>Options</c> of either;
    /// the one of the name counts where there are both.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="connectionName"/> is null or empty.</exception>
    /// <exception cref="InvalidOperationException">A store without a key was registered before. Where there is no connection string, it is thrown when the host starts, or when the store is asked for.</exception>
    /// <example><code>builder.AddShadowcatSessionsClient("sessions");</code></example>
    public static ShadowcatSessionsBuilder AddShadowcatSessionsClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<ShadowcatSessionsClientSettings>? configureSettings = null,
        Action<RedisSessionStoreOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        return SessionsClient.Add(builder, connectionName, key: null, configureSettings, configureOptions);
    }

    /// <summary>Registers an <see cref="ISessionStore"/> by a key, on the Redis of the connection of that name, with its health check, traces and metrics.</summary>
    /// <param name="builder">The builder of the application.</param>
    /// <param name="name">The key of the store, and the name of the connection: the connection string is <c>ConnectionStrings:{name}</c>.</param>
    /// <param name="configureSettings">Changes the settings after they were read; null, the default, for no change.</param>
    /// <param name="configureOptions">Sets options of the store on Redis after they were read; null, the default, for none.</param>
    /// <returns>The builder of the store, for decorators: <c>.WithCaching()</c>.</returns>
    /// <remarks>The sections are those of <see cref="AddShadowcatSessionsClient"/>. The name of the store is the key: its health check is called <c>shadowcat-sessions-{name}</c>, and its telemetry has it as a tag.</remarks>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="name"/> is no valid name of a store.</exception>
    /// <exception cref="InvalidOperationException">A store of that key was registered before. Where there is no connection string, it is thrown when the host starts, or when the store is asked for.</exception>
    /// <example><code>builder.AddKeyedShadowcatSessionsClient("archive");      // [FromKeyedServices("archive")] ISessionStore store</code></example>
    public static ShadowcatSessionsBuilder AddKeyedShadowcatSessionsClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<ShadowcatSessionsClientSettings>? configureSettings = null,
        Action<RedisSessionStoreOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return SessionsClient.Add(builder, connectionName: name, key: name, configureSettings, configureOptions);
    }
}
