using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a cache in front of the store.</summary>
public static class ShadowcatSessionsCachingBuilderExtensions
{
    /// <summary>Answers reads of sessions from copies in this process where it can; see <see cref="CachedSessionStore"/> for how current they are.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, behind those of the section <c>Caching</c> in the store's section; null, the default, for nothing. They are checked when the host starts.</param>
    /// <returns>The builder.</returns>
    /// <remarks>The store may be chosen before or after. Processes that write the same sessions need <c>RedisSessionStoreOptions.PublishChanges</c>, which is on by default.</remarks>
    public static ShadowcatSessionsBuilder WithCaching(this ShadowcatSessionsBuilder builder, Action<CachedSessionStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.AddOptions("Caching", static (section, bound) => section.Bind(bound), CachedSessionStoreOptionsValidator.Instance);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.TryAddDecorator(StoreLayer.Caching, (provider, inner) => new CachedSessionStore(
            inner, provider.GetRequiredService<IOptionsMonitor<CachedSessionStoreOptions>>().Get(builder.Name), builder.GetMeterFactory(provider)));
        return builder;
    }
}
