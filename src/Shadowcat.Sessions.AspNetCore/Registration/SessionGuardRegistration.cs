using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Registers what migration and events have in common.</summary>
internal static class SessionGuardRegistration
{
    public static void Add(IServiceCollection services)
    {
        services.AddLogging();
        services.AddOptions<ClientLimits>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ClientLimits>>(ClientLimitsValidator.Instance));
        services.TryAddSingleton<SessionGuard>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, SessionGuardPolicy>());
        services.PostConfigure<HttpServerTransportOptions>(static options =>
        {
            if (options.SessionMode == HttpServerSessionMode.Stateless)
            {
                options.SessionMode = HttpServerSessionMode.StatefulForInitializeClients;
            }
        });
    }

    public static ISessionStore StoreOf(IServiceProvider provider) => provider.GetService<ISessionStore>() ?? throw new InvalidOperationException(
        $"There is no {nameof(ISessionStore)} to keep sessions in; register one, for example with services.AddShadowcatSessions().");
}
