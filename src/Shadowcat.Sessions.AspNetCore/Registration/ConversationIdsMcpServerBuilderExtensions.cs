using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.AspNetCore;
using Shadowcat.Sessions.AspNetCore;
using Shadowcat.Sessions.Mcp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Issues conversation ids to the clients of an MCP server without sessions.</summary>
public static class ConversationIdsMcpServerBuilderExtensions
{
    /// <summary>Issues an id to each client that initializes, as <c>Mcp-Session-Id</c>, which the client sends with all further requests. So <c>WithSessionRecording</c> records one session for each conversation, and not one for each request.</summary>
    /// <param name="builder">The server, with <c>WithHttpTransport</c>.</param>
    /// <remarks>
    /// <para>The server stays without sessions: it stores nothing under the id, any replica serves any request with or without it, and it does not expire. It is random, so two clients are never one
    /// conversation, even behind one address, proxy or connection or with the same name. An authenticated client that sends the id of another one begins a conversation of its own.</para>
    /// <para>It has no effect on clients that do not initialize (revision 2026-07-28) or do not send the id again: their sessions are chosen as by a <see cref="DefaultSessionCorrelator"/>. Where the server
    /// has sessions (<see cref="HttpServerSessionMode"/>), their ids serve the same purpose, and this does nothing.</para>
    /// </remarks>
    /// <returns>The server.</returns>
    /// <exception cref="ArgumentNullException">The server is null.</exception>
    /// <exception cref="InvalidOperationException">Another <see cref="ISessionCorrelator"/> is registered. Where one is registered later, the host does not start.</exception>
    /// <example><code>services.AddMcpServer().WithHttpTransport().WithConversationIds().WithSessionRecording();</code></example>
    public static IMcpServerBuilder WithConversationIds(this IMcpServerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(ConversationCorrelator)))
        {
            return builder;
        }

        var other = services.FirstOrDefault(
            service => service.ServiceType == typeof(ISessionCorrelator) && service.ImplementationType != typeof(DefaultSessionCorrelator));
        if (other is not null)
        {
            throw new InvalidOperationException(
                $"{nameof(WithConversationIds)} registers an {nameof(ISessionCorrelator)} of its own, but another one is registered already. Remove one of them.");
        }

        services.RemoveAll<ISessionCorrelator>();
        services.AddHttpContextAccessor();
        services.AddSingleton<ConversationCorrelator>();
        services.AddSingleton<ISessionCorrelator>(provider => provider.GetRequiredService<ConversationCorrelator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, ConversationPolicy>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ConversationStartupCheck>());
        return builder;
    }
}
