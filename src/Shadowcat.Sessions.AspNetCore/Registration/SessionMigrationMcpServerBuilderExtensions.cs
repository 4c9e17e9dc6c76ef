using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;
using Shadowcat.Sessions;
using Shadowcat.Sessions.AspNetCore;
using Shadowcat.Sessions.Mcp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets any replica of an MCP server over Streamable HTTP serve any session.</summary>
public static class SessionMigrationMcpServerBuilderExtensions
{
    /// <summary>Lets any replica that uses the same <see cref="ISessionStore"/> serve any session: for its owner only, with the negotiated protocol version, and not after it has ended.</summary>
    /// <param name="builder">The server, with <c>WithHttpTransport</c>.</param>
    /// <param name="configure">Sets the options, after those of the section <c>Migration</c> in the store's section; null, the default, for none. They are checked when the host starts.</param>
    /// <param name="storeName">The name of the store; null, the default, for the one without a name. The store may be registered before or after.</param>
    /// <returns>The server.</returns>
    /// <remarks>
    /// <para>A session belongs to the principal that created it, as <see cref="SessionOwner.From(System.Security.Claims.ClaimsPrincipal)"/> identifies it. A session without an owner is open to any unauthenticated
    /// caller who knows its id. Any other caller gets 404, as for a session that does not exist. A DELETE closes the stored session first, at whichever replica it arrives; from then on every replica
    /// answers 404. The same holds for a session that was deleted from the store, was closed by an operator, or has expired. Its open streams and calls at other replicas end within 10 seconds.</para>
    /// <para>Each request costs one read of the session, or none with <c>WithCaching</c>. A session in use is touched once in an eighth of its time to live. Requests that stay open cost the same every
    /// 10 seconds, so a client that only listens keeps its session alive, for <see cref="SessionMigrationOptions.MaxStreamDuration"/> at most. Resuming a session at another replica costs a read of its
    /// first frame and one more of the session. While the store is unavailable, a replica serves the sessions that it holds, and answers 503 to requests that would create, resume or delete one. A client
    /// that has as many sessions as <see cref="ClientLimits"/> allows gets 429 when it would create another.</para>
    /// <para>Where <c>WithSessionRecording</c> is used too, both use the same stored session. Its first frame (<see cref="MessageDirection.Internal"/>) holds the capabilities of the client; where that frame was
    /// trimmed, the session cannot migrate. The recording does not close the session when a replica stops (<see cref="SessionRecordingOptions.SessionsMigrate"/>).</para>
    /// <para>What a replica has in memory does not migrate: a request to the client that awaits its answer, subscriptions, and the state of tools. A server whose session mode is
    /// <see cref="HttpServerSessionMode.Stateless"/> gets <see cref="HttpServerSessionMode.StatefulForInitializeClients"/>, since without sessions there is nothing to migrate.</para>
    /// </remarks>
    /// <example><code>services.AddMcpServer().WithHttpTransport().WithSessionMigration().WithSessionEventStore();</code></example>
    /// <exception cref="InvalidOperationException">It was called before with another store.</exception>
    public static IMcpServerBuilder WithSessionMigration(this IMcpServerBuilder builder, Action<SessionMigrationOptions>? configure = null, string? storeName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var sessions = ShadowcatSessionsBuilder.For(services, storeName);
        var migration = sessions.AddOptions("Migration", static (section, bound) => section.Bind(bound), SessionMigrationOptionsValidator.Instance, Options.Options.DefaultName);
        if (configure is not null)
        {
            migration.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(MigratingSessions)))
        {
            return builder;
        }

        SessionGuardRegistration.Add(sessions);
        services.AddSingleton(provider => new MigratingSessions(
            sessions.GetStore(provider),
            provider.GetService<TimeProvider>(),
            provider.GetService<SessionRecorder>() is { } recorder && ReferenceEquals(recorder.Store, sessions.GetStore(provider))
                ? provider.GetRequiredService<IOptions<SessionRecordingOptions>>().Value
                : null,
            provider.GetService<ILogger<MigratingSessions>>(),
            provider.GetRequiredService<IOptionsMonitor<ClientLimits>>().Get(sessions.Name)));

        // When a session continues at another replica, its server in this process ends without ending the session.
        services.PostConfigure<SessionRecordingOptions>(static recording => recording.SessionsMigrate = true);
        services.AddSingleton<OpenRequests>();
        services.AddHostedService(provider => provider.GetRequiredService<OpenRequests>());
        services.AddSingleton<ISessionMigrationHandler, SessionMigrationHandler>();
        services.AddSingleton<IPostConfigureOptions<McpServerOptions>, NegotiatedVersions>();
        return builder;
    }
}
