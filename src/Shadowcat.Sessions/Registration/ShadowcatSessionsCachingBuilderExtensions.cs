using Microsoft.Extensions.Configuration;
using Shadowcat.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a cache in front of the store.</summary>
public static class ShadowcatSessionsCachingBuilderExtensions
{
    /// <summary>Answers reads of sessions from copies in this process where it can; see <see cref="CachedSessionStore"/> for how current they are.</summary>
    /// <param name="builder">The builder.</param>
    /// <remarks>The store may be chosen before or after. Processes that write the same sessions need <c>RedisSessionStoreOptions.PublishChanges</c>, which is on by default.</remarks>
    public static ShadowcatSessionsBuilder WithCaching(this ShadowcatSessionsBuilder builder) => builder.WithCaching(static _ => { });

    /// <summary>As the first form, with options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ShadowcatSessionsBuilder WithCaching(this ShadowcatSessionsBuilder builder, Action<CachedSessionStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddChecked(CachedSessionStoreOptionsValidator.Instance).Configure(configure);
        builder.AddDecorator<CachingDecorator>(StoreLayer.Caching);
        return builder;
    }

    /// <summary>As the first form, with the options taken from a configuration section.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">A section with the members of <see cref="CachedSessionStoreOptions"/>.</param>
    public static ShadowcatSessionsBuilder WithCaching(this ShadowcatSessionsBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return builder.WithCaching(options => ConfiguredDurations.Checked<CachedSessionStoreOptions>(section).Bind(options));
    }
}
