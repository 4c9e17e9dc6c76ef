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
    /// <para>Messages are seen as the client sent them, before the server's own filters, and as they are sent, behind these. What the HTTP layer refuses
    /// by itself is not seen. Which messages are one session says the registered <see cref="ISessionCorrelator"/>, by default a <see cref="DefaultSessionCorrelator"/>.</para>
    /// <para>Over HTTP, clients of the revisions before 2026-07-28 give a server without sessions nothing to go by: each request is a session, unless
    /// <c>WithConversationIds</c> of the package <c>Shadowcat.Sessions.AspNetCore</c> gives them something. What clients can make the recording keep is bounded by <see cref="ClientLimits"/>.</para>
    /// <para>Call it after <c>WithStdioServerTransport</c>: then the messages are recorded in the order of the wire. Else, and over HTTP, what
    /// the client sends at the same time is recorded in the order in which the server takes it up.</para>
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
        provider.GetService<ILogger<SessionRecorder>>(),
        provider.GetService<TimeProvider>());

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
