using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModelContextProtocol.AspNetCore;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Registers what migration and events have in common.</summary>
internal static class SessionGuardRegistration
{
    /// <summary>Registers it. There is one guard, whatever it guards; the limits are those of each store.</summary>
    public static void Add(ShadowcatSessionsBuilder sessions)
    {
        var services = sessions.Services;
        sessions.AddOptions("ClientLimits", static (section, bound) => section.Bind(bound), ClientLimitsValidator.Instance);
        if (services.Any(static service => service.ServiceType == typeof(SessionGuard)))
        {
            return;
        }

        services.AddLogging();
        services.AddSingleton<SessionGuard>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, SessionGuardPolicy>());
        services.PostConfigure<HttpServerTransportOptions>(static options =>
        {
            if (options.SessionMode == HttpServerSessionMode.Stateless)
            {
                options.SessionMode = HttpServerSessionMode.StatefulForInitializeClients;
            }
        });
    }
}
