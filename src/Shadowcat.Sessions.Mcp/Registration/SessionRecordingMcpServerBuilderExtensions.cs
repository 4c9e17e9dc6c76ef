using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions;
using Shadowcat.Sessions.Mcp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Records the sessions of registered MCP servers.</summary>
public static class SessionRecordingMcpServerBuilderExtensions
{
    /// <summary>Records every message that the server receives and sends, in a registered <see cref="ISessionStore"/>.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configure">
    /// Sets options, behind those of the section <c>Recording</c> in the store's section; null, the default, for nothing. They are checked when the host starts. <see cref="SessionRecordingOptions.Redactors"/> are set in code only.
    /// </param>
    /// <param name="storeName">In which of several stores; null, the default, for the one without a name. The store may be registered before or after.</param>
    /// <returns>The server.</returns>
    /// <remarks>
    /// <para>Incoming messages are recorded before the server's own filters, and outgoing ones after them. What the HTTP layer refuses is not recorded. The registered <see cref="ISessionCorrelator"/> chooses the
    /// session of each message, by default a <see cref="DefaultSessionCorrelator"/>.</para>
    /// <para>Over HTTP, requests of clients of the revisions before 2026-07-28 to a server without sessions have only their connection and their address in common, which
    /// <see cref="SessionRecordingOptions.UsesClientAddresses"/> goes by. Behind a proxy they have nothing in common, so each is a session. <c>WithConversationIds</c> of the package
    /// <c>Shadowcat.Sessions.AspNetCore</c> makes them one anywhere.
    /// <see cref="ClientLimits"/>, of the section <c>ClientLimits</c> in the store's section, bounds what clients can make the recording store.</para>
    /// <para>Call it after <c>WithStdioServerTransport</c>, so that messages are recorded in the order of the wire. Otherwise, and over HTTP, concurrent messages of a client are recorded in the order in which
    /// the server handles them.</para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">It was called before with another store.</exception>
    /// <example>
    /// <code>
    /// services.AddShadowcatSessions("recordings").UseRedis("localhost:6379");
    /// services.AddMcpServer().WithStdioServerTransport().WithSessionRecording(storeName: "recordings");
    /// </code>
    /// </example>
    public static IMcpServerBuilder WithSessionRecording(this IMcpServerBuilder builder, Action<SessionRecordingOptions>? configure = null, string? storeName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var sessions = ShadowcatSessionsBuilder.For(services, storeName);
        var options = sessions.AddOptions(
            "Recording", static (section, bound) => section.Bind(bound), SessionRecordingOptionsValidator.Instance, Options.Options.DefaultName);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(ServerSessions)))
        {
            return builder;
        }

        // What one frame may hold is the store's to say.
        options.PostConfigure<IOptionsMonitor<SessionStoreOptions>>((recording, store) =>
            recording.MaxFrameBytes = Math.Min(recording.MaxFrameBytes, store.Get(sessions.Name).MaxFrameBytes));
        sessions.AddOptions("ClientLimits", static (section, bound) => section.Bind(bound), ClientLimitsValidator.Instance);
        options.PostConfigure<IOptionsMonitor<ClientLimits>>((recording, limits) => recording.ClientLimits ??= limits.Get(sessions.Name));
        services.TryAddSingleton(provider => new SessionRecorder(
            sessions.GetStore(provider),
            provider.GetRequiredService<IOptions<SessionRecordingOptions>>().Value,
            provider.GetService<ILogger<SessionRecorder>>(),
            provider.GetService<TimeProvider>()));
        services.TryAddSingleton<ISessionCorrelator, DefaultSessionCorrelator>();
        HttpConnections.AddTo(services);
        services.AddSingleton<ServerSessions>();
        services.AddSingleton<IPostConfigureOptions<McpServerOptions>, RecordingFilters>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RecordingLifetime>());
        RecordTransport(services);
        return builder;
    }

    /// <summary>Puts the recording around the transport of a server that has one connection, where it is registered.</summary>
    private static void RecordTransport(IServiceCollection services)
    {
        var transport = services.LastOrDefault(service => service.ServiceType == typeof(ITransport) && !service.IsKeyedService);
        if (transport is null)
        {
            return;
        }

        services[services.IndexOf(transport)] = ServiceDescriptor.Describe(
            typeof(ITransport),
            provider =>
            {
                var sessions = provider.GetRequiredService<ServerSessions>();
                sessions.LeaveToTransport();
                return Resolve(provider, transport).WithRecording(sessions.Recorder);
            },
            transport.Lifetime);
    }

    private static ITransport Resolve(IServiceProvider provider, ServiceDescriptor transport) => (ITransport)(transport.ImplementationInstance
        ?? transport.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, transport.ImplementationType!));
}
