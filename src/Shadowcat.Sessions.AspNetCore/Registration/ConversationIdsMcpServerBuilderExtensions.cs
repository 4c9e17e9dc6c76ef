using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.AspNetCore;
using Shadowcat.Sessions.AspNetCore;
using Shadowcat.Sessions.Mcp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets the recording of a server without sessions know which requests are one conversation.</summary>
public static class ConversationIdsMcpServerBuilderExtensions
{
    /// <summary>Gives each client that initializes an id, as <c>Mcp-Session-Id</c>, that it says with all its later requests; so <c>WithSessionRecording</c> records one session for a conversation, and not one for each request.</summary>
    /// <param name="builder">The server, with <c>WithHttpTransport</c>.</param>
    /// <remarks>
    /// <para>The server stays without sessions: nothing is kept under the id, any replica serves any request with it or without, and it expires with nothing. It is random and the client's own, so two clients are never
    /// one conversation: not behind one address, one proxy or one connection, nor with the same name. Whoever names the id of somebody else begins a conversation of his own, where both are authenticated.</para>
    /// <para>Not brought together by it are clients that do not initialize (revision 2026-07-28: they are told apart as <see cref="DefaultSessionCorrelator"/> does), and clients that do not
    /// say the id again. Where the server has sessions (<see cref="HttpServerSessionMode"/>), their ids do the same, and this does nothing.</para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">Another <see cref="ISessionCorrelator"/> is registered; behind this call, the host does not start.</exception>
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
                $"{nameof(WithConversationIds)} brings messages together by itself, but another {nameof(ISessionCorrelator)} is registered. Leave out one of them.");
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
