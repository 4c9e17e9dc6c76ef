using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;
using Shadowcat.Sessions;
using Shadowcat.Sessions.AspNetCore;
using Shadowcat.Sessions.Mcp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets the sessions of an MCP server over Streamable HTTP go on at any replica.</summary>
public static class SessionMigrationMcpServerBuilderExtensions
{
    /// <summary>Lets any replica on the same registered <see cref="ISessionStore"/> go on with any session: for its owner only, with the version that was negotiated, and never with one that was ended.</summary>
    /// <param name="builder">The server, with <c>WithHttpTransport</c>.</param>
    /// <param name="configure">Sets how sessions go from replica to replica, behind what the section <c>Migration</c> in the store's section says; null, the default, for nothing. Checked when the host starts.</param>
    /// <param name="storeName">On which of several stores; null, the default, for the one without a name. The store may be registered before or after.</param>
    /// <returns>The server.</returns>
    /// <remarks>
    /// <para>A session belongs to whoever began it, by <see cref="SessionOwner.From(System.Security.Claims.ClaimsPrincipal)"/>; where nobody is authenticated, to whoever knows its id. Somebody else is told that there is no such session. A DELETE closes the record of the session before anything else, at whichever replica it arrives: from then on every replica answers 404.
    /// So it does where the record was deleted, closed by an operator, or has expired. Streams and calls that are open at other replicas end within 10 seconds.</para>
    /// <para>What a request costs: one read of the record, none where the store caches (<c>WithCaching</c>), and one touch when an eighth of its
    /// time to live has passed, and the same for every 10 seconds that it is open, so that who only listens uses his session, until his stream ends: <see cref="SessionMigrationOptions.MaxStreamDuration"/> bounds it, since nobody says that he vanished; taking a session over, a read of its first frame and one more of the record. Where the store cannot be reached, a replica goes on with the sessions
    /// it has, and answers 503 to who would begin, resume or delete one. A client that has as many sessions as <see cref="ClientLimits"/> says is answered 429 where it would begin another.</para>
    /// <para>What clients can make the server keep says <see cref="ClientLimits"/>: the section <c>ClientLimits</c> in the store's section, or <c>Configure&lt;ClientLimits&gt;</c>.</para>
    /// <para>Where <c>WithSessionRecording</c> is on, in the same store, recording and migration share one record, whose first frame
    /// (<see cref="MessageDirection.Internal"/>) says what the client can do; where that was trimmed, the session does not migrate. The record then is not closed when a replica stops or forgets the session, only when the session ends.</para>
    /// <para>What a replica is in the middle of does not migrate: an answer that it waits for from the client, subscriptions, what tools keep in memory. A server that was left stateless serves
    /// clients of revisions before 2026-07-28 with sessions (<see cref="HttpServerSessionMode.StatefulForInitializeClients"/>), for else there are none to migrate.</para>
    /// </remarks>
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
            provider.GetService<SessionRecorder>(),
            provider.GetService<IOptions<SessionRecordingOptions>>(),
            provider.GetService<ILogger<MigratingSessions>>(),
            provider.GetRequiredService<IOptions<ClientLimits>>()));
        services.AddSingleton<OpenRequests>();
        services.AddHostedService(provider => provider.GetRequiredService<OpenRequests>());
        services.AddSingleton<ISessionMigrationHandler, SessionMigrationHandler>();
        services.AddSingleton<IPostConfigureOptions<McpServerOptions>, NegotiatedVersions>();
        return builder;
    }
}
