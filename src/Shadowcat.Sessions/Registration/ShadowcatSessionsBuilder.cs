using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions;

/// <summary>Registers what keeps the sessions. <see cref="ShadowcatSessionsServiceCollectionExtensions.AddShadowcatSessions(IServiceCollection)"/> makes one.</summary>
public sealed class ShadowcatSessionsBuilder
{
    internal ShadowcatSessionsBuilder(IServiceCollection services) => Services = services;

    /// <summary>Where it is registered.</summary>
    public IServiceCollection Services { get; }
}
