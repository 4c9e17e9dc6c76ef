using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Registers what migration and events have in common.</summary>
internal static class SessionGuardRegistration
{
    /// <summary>Registers it. Limits are those of the first that asks: there is one guard, whatever it guards.</summary>
    public static void Add(ShadowcatSessionsBuilder sessions)
    {
        var services = sessions.Services;
        if (services.Any(static service => service.ServiceType == typeof(SessionGuard)))
        {
            return;
        }

        services.AddLogging();
        sessions.AddOptions("ClientLimits", static (section, bound) => section.Bind(bound), ClientLimitsValidator.Instance, Options.DefaultName);
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
