using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions;
using Shadowcat.Sessions.DataProtection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts encryption in front of the store.</summary>
public static class ShadowcatSessionsProtectionBuilderExtensions
{
    /// <summary>Encrypts payloads and metadata of frames, and what peers say of themselves, before they reach the store; see <see cref="ProtectedSessionStore"/> for what stays readable.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, behind those of the section <c>Protection</c> in the store's section; null, the default, for nothing.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Data Protection has to be registered, with an application name and keys that all replicas share and that outlive the sessions. It lies next to the
    /// store, inside a buffer and a cache, in whatever order they were registered: the cache has readable sessions, and what <see cref="ISessionBuffer"/> takes in is encrypted when it is stored.
    /// </remarks>
    public static ShadowcatSessionsBuilder WithDataProtection(this ShadowcatSessionsBuilder builder, Action<ProtectedSessionStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.AddOptions<ProtectedSessionStoreOptions>("Protection", static (section, bound) => section.Bind(bound));
        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.TryAddDecorator(StoreLayer.Encryption, (provider, inner) => new ProtectedSessionStore(
            inner,
            provider.GetService<IDataProtectionProvider>()
                ?? throw new InvalidOperationException("Sessions are to be encrypted, but no Data Protection is registered: add services.AddDataProtection(), with keys that outlive the process."),
            provider.GetRequiredService<IOptionsMonitor<ProtectedSessionStoreOptions>>().Get(builder.Name),
            builder.GetLogger<ProtectedSessionStore>(provider),
            builder.GetMeterFactory(provider)));
        return builder;
    }
}
