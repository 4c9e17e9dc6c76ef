using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a buffer in front of the store.</summary>
public static class ShadowcatSessionsBufferingBuilderExtensions
{
    /// <summary>Keeps what is recorded in memory while the store is away, and stores it when that serves again; see <see cref="BufferedSessionStore"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, behind those of the section <c>Buffering</c> in the store's section; null, the default, for nothing. They are checked when the host starts.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// The store may be chosen before or after. The buffer lies around it and its encryption, and inside a cache, in whatever order they were registered. It is registered as <see cref="ISessionBuffer"/> too,
    /// with the name of the store as its key where the store has one.
    /// </remarks>
    public static ShadowcatSessionsBuilder WithBuffering(this ShadowcatSessionsBuilder builder, Action<BufferedSessionStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.AddOptions("Buffering", static (section, bound) => section.Bind(bound), BufferedSessionStoreOptionsValidator.Instance);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (builder.TryAddDecorator(StoreLayer.Buffering, (provider, inner) => new BufferedSessionStore(
            inner,
            provider.GetRequiredService<IOptionsMonitor<BufferedSessionStoreOptions>>().Get(builder.Name),
            builder.GetLogger<BufferedSessionStore>(provider),
            builder.GetMeterFactory(provider),
            provider.GetService<TimeProvider>())))
        {
            // Services stop in the order opposite to this: the last that stops is the buffer.
            var registration = builder.Registration;
            builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(provider => new BufferLifetime(registration.StackOf(provider))));
            registration.AddOwn(provider => builder.GetStore(provider).GetService<ISessionBuffer>()
                ?? throw new InvalidOperationException($"The registered {nameof(ISessionStore)} hands out no {nameof(ISessionBuffer)}. Either another store is registered behind the one that is buffered: remove it, or register it before WithBuffering. "
                    + $"Or a decorator of your own lies around the buffer, which would be passed by: override {nameof(ISessionStore.GetService)} in it, where that may be."));
        }

        return builder;
    }
}
