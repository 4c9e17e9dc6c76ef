using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using Shadowcat.Sessions;
using Shadowcat.Sessions.AspNetCore;
using Shadowcat.Sessions.Mcp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets clients of an MCP server over Streamable HTTP resume their SSE streams.</summary>
public static class SessionEventStoreMcpServerBuilderExtensions
{
    /// <summary>Keeps what is sent over SSE in the registered <see cref="ISessionStore"/>, so that a client that lost its connection gets the rest, at any replica that has its session.</summary>
    /// <param name="builder">The server, with <c>WithHttpTransport</c>.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    /// <remarks>
    /// <para>An event costs one append, and is sent when it is stored; a stream costs one more, which says that it is over. A client that resumes costs the
    /// reading of one range, from the event it names on, which says whose it is; then it follows (<see cref="ISessionStore.FollowFramesAsync"/>). Where the store cannot be
    /// reached, calls fail, as with every event store: what was sent without being stored would be missing when the client resumes.</para>
    /// <para>The events of a session are one session of the store, tagged <c>mcp.sse-events</c> and owned by who owns the other. It goes with a DELETE,
    /// or when its time to live is over. How many there may be of one client says <see cref="ClientLimits"/>.</para>
    /// <para>Only clients of the revision 2025-11-25 are given events to resume from. A server that was left stateless serves them with sessions, for else there is nothing to resume.</para>
    /// </remarks>
    public static IMcpServerBuilder WithSessionEventStore(this IMcpServerBuilder builder, Action<SessionEventStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<SessionEventStoreOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(EventLog)))
        {
            return builder;
        }

        options.ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionEventStoreOptions>, SessionEventStoreOptionsValidator>());
        SessionGuardRegistration.Add(services);
        services.AddHttpContextAccessor();
        services.AddSingleton(provider => new EventLog(
            SessionGuardRegistration.StoreOf(provider),
            provider.GetRequiredService<IOptions<SessionEventStoreOptions>>(),
            provider.GetService<TimeProvider>(),
            provider.GetRequiredService<IHttpContextAccessor>(),
            provider.GetRequiredService<IOptions<ClientLimits>>()));
        services.AddSingleton<ISseEventStreamStore, SessionEventStore>();
        return builder;
    }
}
