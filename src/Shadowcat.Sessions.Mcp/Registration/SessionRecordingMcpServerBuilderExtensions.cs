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
    /// <summary>Records every message that the server receives and sends, in the registered <see cref="ISessionStore"/>.</summary>
    /// <param name="builder">The server.</param>
    /// <remarks>
    /// <para>Incoming messages are recorded before the server's own filters, and outgoing ones after them. What the HTTP layer refuses is not recorded. The registered <see cref="ISessionCorrelator"/> chooses the
    /// session of each message, by default a <see cref="DefaultSessionCorrelator"/>.</para>
    /// <para>Over HTTP, requests of clients of the revisions before 2026-07-28 to a server without sessions have nothing in common, so each is a session. <c>WithConversationIds</c> of the package
    /// <c>Shadowcat.Sessions.AspNetCore</c> makes them one. <see cref="ClientLimits"/> bounds what clients can make the recording store.</para>
    /// <para>Call it after <c>WithStdioServerTransport</c>, so that messages are recorded in the order of the wire. Otherwise, and over HTTP, concurrent messages of a client are recorded in the order in which
    /// the server handles them.</para>
    /// </remarks>
    public static IMcpServerBuilder WithSessionRecording(this IMcpServerBuilder builder) => builder.WithSessionRecording(configure: null);

    /// <summary>As the first form, with options.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configure">Sets options; they are checked when the host starts. Null for none.</param>
    public static IMcpServerBuilder WithSessionRecording(this IMcpServerBuilder builder, Action<SessionRecordingOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<SessionRecordingOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(ServerSessions)))
        {
            return builder;
        }

        // What one frame may hold is the store's to say.
        options.PostConfigure<IOptions<SessionStoreOptions>>(static (recording, store) =>
            recording.MaxFrameBytes = Math.Min(recording.MaxFrameBytes, store.Value.MaxFrameBytes)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionRecordingOptions>>(SessionRecordingOptionsValidator.Instance));
        services.TryAddSingleton(CreateRecorder);
        services.TryAddSingleton<ISessionCorrelator, DefaultSessionCorrelator>();
        services.AddSingleton<ServerSessions>();
        services.AddSingleton<IPostConfigureOptions<McpServerOptions>, RecordingFilters>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RecordingLifetime>());
        RecordTransport(services);
        return builder;
    }

    /// <summary>As the first form, with the options taken from a configuration section.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="section">A section with the members of <see cref="SessionRecordingOptions"/>, all but <see cref="SessionRecordingOptions.Redactors"/>, which are set in code.</param>
    public static IMcpServerBuilder WithSessionRecording(this IMcpServerBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return builder.WithSessionRecording(options => ConfiguredDurations.Checked<SessionRecordingOptions>(section).Bind(options));
    }

    private static SessionRecorder CreateRecorder(IServiceProvider provider) => new(
        provider.GetService<ISessionStore>() ?? throw new InvalidOperationException(
            $"There is no {nameof(ISessionStore)} to record into; register one, for example with services.AddShadowcatSessions()."),
        provider.GetRequiredService<IOptions<SessionRecordingOptions>>().Value,
        provider.GetService<TimeProvider>(),
        provider.GetService<ILogger<SessionRecorder>>());

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
