using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Keeps an application from starting that shows what was said to whoever asks, without having said that it means to.</summary>
internal static class AuthorizationCheck
{
    /// <exception cref="InvalidOperationException">An endpoint of the inspector has neither a requirement nor an explicit permission, outside Development.</exception>
    public static void Require(EndpointBuilder endpoint, IServiceProvider services, string pattern)
    {
        if (endpoint.Metadata.Any(static item => item is IAuthorizeData or IAllowAnonymous or AuthorizationPolicy)
            || services.GetService<IOptions<AuthorizationOptions>>()?.Value.FallbackPolicy is not null
            || services.GetService<IHostEnvironment>()?.IsDevelopment() == true)
        {
            return;
        }

        throw new InvalidOperationException(
            $"The session inspector at '{pattern}' shows every recorded message, and anybody could open it. Demand an authorization: MapSessionInspector(\"{pattern}\").RequireAuthorization(\"policy\"). "
            + "Or say that everybody may: .AllowAnonymous(). Only in Development neither is needed.");
    }
}
