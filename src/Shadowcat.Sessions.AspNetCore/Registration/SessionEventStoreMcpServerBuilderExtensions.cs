using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;
using Shadowcat.Sessions;
using Shadowcat.Sessions.AspNetCore;
using Shadowcat.Sessions.Mcp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets clients of an MCP server over Streamable HTTP resume their SSE streams.</summary>
public static class SessionEventStoreMcpServerBuilderExtensions
{
    /// <summary>Keeps what is sent over SSE in a registered <see cref="ISessionStore"/>, so that a client that lost its connection gets the rest, at any replica that has its session.</summary>
    /// <param name="builder">The server, with <c>WithHttpTransport</c>.</param>
    /// <param name="configure">Sets options, behind those of the section <c>Events</c> in the store's section; null, the default, for nothing. They are checked when the host starts.</param>
    /// <param name="storeName">In which of several stores; null, the default, for the one without a name. The store may be registered before or after.</param>
    /// <returns>The server.</returns>
    /// <remarks>
    /// <para>An event costs one append, and is sent once it is stored. The end of a stream costs one more. A client that resumes costs the read of one range, from its last event on, and then follows the log
    /// (<see cref="ISessionStore.FollowFramesAsync"/>). While the store is unavailable, calls fail, as with every event store: a message that was sent without being stored would be missing when the client
    /// resumes.</para>
    /// <para>The events of a session are one session of the store, with the tag <c>mcp.sse-events</c> and the same owner. It is deleted with a DELETE, or expires. <see cref="ClientLimits"/> bounds how many of
    /// them a client may have.</para>
    /// <para>Only clients of the revision 2025-11-25 get events to resume from. A server whose session mode is <see cref="HttpServerSessionMode.Stateless"/> gets
    /// <see cref="HttpServerSessionMode.StatefulForInitializeClients"/>, since without sessions there is nothing to resume.</para>
    /// </remarks>
    /// <example><code>services.AddMcpServer().WithHttpTransport().WithSessionEventStore(options => options.MaxEvents = 1000);</code></example>
    /// <exception cref="InvalidOperationException">It was called before with another store.</exception>
    public static IMcpServerBuilder WithSessionEventStore(this IMcpServerBuilder builder, Action<SessionEventStoreOptions>? configure = null, string? storeName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var sessions = ShadowcatSessionsBuilder.For(services, storeName);
        var options = sessions.AddOptions("Events", static (section, bound) => section.Bind(bound), SessionEventStoreOptionsValidator.Instance, Options.Options.DefaultName);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(EventLog)))
        {
            return builder;
        }

        SessionGuardRegistration.Add(sessions);
        services.AddHttpContextAccessor();
        services.AddSingleton(provider => new EventLog(
            sessions.GetStore(provider),
            provider.GetRequiredService<IOptions<SessionEventStoreOptions>>(),
            provider.GetService<TimeProvider>(),
            provider.GetRequiredService<IHttpContextAccessor>(),
            Options.Options.Create(provider.GetRequiredService<IOptionsMonitor<ClientLimits>>().Get(sessions.Name))));
        services.AddSingleton<ISseEventStreamStore, SessionEventStore>();
        return builder;
    }
}
