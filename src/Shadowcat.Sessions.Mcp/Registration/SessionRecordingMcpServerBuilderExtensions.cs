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
    /// <para>Messages are seen as the client sent them, before the server's own filters, and as they are sent, behind these. What the HTTP layer refuses
    /// by itself is not seen. Which messages are one session says the registered <see cref="ISessionCorrelator"/>, by default a <see cref="DefaultSessionCorrelator"/>.</para>
    /// <para>Over HTTP, clients of the revisions before 2026-07-28 give a server without sessions nothing to go by: each request is a session, unless
    /// <c>WithConversationIds</c> of the package <c>Shadowcat.Sessions.AspNetCore</c> gives them something. What clients can make the recording keep is bounded by <see cref="ClientLimits"/>.</para>
    /// <para>Call it after <c>WithStdioServerTransport</c>: then the messages are recorded in the order of the wire. Else, and over HTTP, what
    /// the client sends at the same time is recorded in the order in which the server takes it up.</para>
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
        services.TryAddSingleton(provider => new SessionRecorder(
            sessions.GetStore(provider),
            provider.GetRequiredService<IOptions<SessionRecordingOptions>>().Value,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<SessionRecorder>>()));
        services.TryAddSingleton<ISessionCorrelator, DefaultSessionCorrelator>();
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
