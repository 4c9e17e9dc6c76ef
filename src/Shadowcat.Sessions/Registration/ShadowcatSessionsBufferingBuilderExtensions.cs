using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Shadowcat.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a buffer in front of the store.</summary>
public static class ShadowcatSessionsBufferingBuilderExtensions
{
    /// <summary>Keeps what is recorded in memory while the store is away, and stores it when that serves again; see <see cref="BufferedSessionStore"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <remarks>The store may be chosen before or after. The buffer lies around it and its encryption, and inside a cache, in whatever order they were registered. It is registered as <see cref="ISessionBuffer"/> too.</remarks>
    public static ShadowcatSessionsBuilder WithBuffering(this ShadowcatSessionsBuilder builder) => builder.WithBuffering(static _ => { });

    /// <summary>As the first form, with options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ShadowcatSessionsBuilder WithBuffering(this ShadowcatSessionsBuilder builder, Action<BufferedSessionStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var services = builder.Services;
        services.AddChecked(BufferedSessionStoreOptionsValidator.Instance).Configure(configure);
        if (builder.AddDecorator<BufferingDecorator>(StoreLayer.Buffering))
        {
            // Services stop in the order opposite to this: the last that stops is the buffer.
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, BufferLifetime>());
            StoreRegistration.Of(services).Own(ServiceDescriptor.Singleton(static provider => provider.GetRequiredService<ISessionStore>().GetService<ISessionBuffer>()
                ?? throw new InvalidOperationException($"The registered {nameof(ISessionStore)} hands out no {nameof(ISessionBuffer)}. Either another store is registered behind the one that is buffered: remove it, or register it before WithBuffering. "
                    + $"Or a decorator of your own lies around the buffer, which would be passed by: override {nameof(ISessionStore.GetService)} in it, where that may be.")));
        }

        return builder;
    }

    /// <summary>As the first form, with the options taken from a configuration section.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">A section with the members of <see cref="BufferedSessionStoreOptions"/>.</param>
    public static ShadowcatSessionsBuilder WithBuffering(this ShadowcatSessionsBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return builder.WithBuffering(options => ConfiguredDurations.Checked<BufferedSessionStoreOptions>(section).Bind(options));
    }
}
