using Microsoft.Extensions.Configuration;
using Shadowcat.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts encryption in front of the store.</summary>
public static class ShadowcatSessionsProtectionBuilderExtensions
{
    /// <summary>Encrypts payloads and metadata of frames, and what peers say of themselves, before they reach the store; see <see cref="ProtectedSessionStore"/> for what stays readable.</summary>
    /// <param name="builder">The builder.</param>
    /// <remarks>
    /// Data Protection has to be registered, with an application name and keys that all replicas share and that outlive the sessions. It lies next to the
    /// store, inside a buffer and a cache, in whatever order they were registered: the cache has readable sessions, and what <see cref="ISessionBuffer"/> takes in is encrypted when it is stored.
    /// </remarks>
    public static ShadowcatSessionsBuilder WithDataProtection(this ShadowcatSessionsBuilder builder) => builder.WithDataProtection(static _ => { });

    /// <summary>As the first form, with options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options.</param>
    public static ShadowcatSessionsBuilder WithDataProtection(this ShadowcatSessionsBuilder builder, Action<ProtectedSessionStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddOptions<ProtectedSessionStoreOptions>().Configure(configure);
        builder.AddDecorator<ProtectingDecorator>(StoreLayer.Encryption);
        return builder;
    }

    /// <summary>As the first form, with the options taken from a configuration section.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">A section with the members of <see cref="ProtectedSessionStoreOptions"/>.</param>
    public static ShadowcatSessionsBuilder WithDataProtection(this ShadowcatSessionsBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return builder.WithDataProtection(options => section.Bind(options));
    }
}
