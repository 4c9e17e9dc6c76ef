using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Registers one store and its decorators. <see cref="ShadowcatSessionsServiceCollectionExtensions.AddShadowcatSessions(IServiceCollection)"/> makes one.</summary>
/// <remarks>
/// Applications call the extension methods: <c>UseRedis</c>, <c>UseStore</c>, <c>WithCaching</c>, <c>WithBuffering</c>, <c>WithDataProtection</c>, <c>Decorate</c>. The members here are what
/// those are written with, for a package that has a store or a decorator of its own.
/// </remarks>
/// <example>
/// A package with a store that has options, in the section <c>Files</c> of the store's own, and fails the start where it cannot work:
/// <code>
/// public static ShadowcatSessionsBuilder UseFiles(this ShadowcatSessionsBuilder builder, Action&lt;FileStoreOptions&gt;? configure = null)
/// {
///     var options = builder.AddOptions("Files", static (section, bound) => section.Bind(bound), new FileStoreOptionsValidator());
///     if (configure is not null)
///     {
///         options.Configure(configure);
///     }
///
///     if (builder.TryUseStore(provider => new FileStore(provider.GetRequiredService&lt;IOptionsMonitor&lt;FileStoreOptions&gt;&gt;().Get(builder.Name))))
///     {
///         builder.AddStartupCheck(static (provider, store, cancellationToken) => ((FileStore)store).CheckDirectoryAsync(cancellationToken));
///     }
///
///     return builder;
/// }
/// </code>
/// A package with a decorator:
/// <code>
/// public static ShadowcatSessionsBuilder WithAudit(this ShadowcatSessionsBuilder builder)
/// {
///     builder.TryAddDecorator(StoreLayer.Outermost, static (provider, inner) => new AuditedStore(inner, provider.GetRequiredService&lt;AuditLog&gt;()));
///     return builder;
/// }
/// </code>
/// </example>
public sealed class ShadowcatSessionsBuilder
{
    private readonly StoreRegistration _registration;

    internal ShadowcatSessionsBuilder(StoreRegistration registration) => _registration = registration;

    /// <summary>Where the store is registered.</summary>
    public IServiceCollection Services => _registration.Services;

    /// <summary>The name of the store: the key of its services, and the name of its options.</summary>
    /// <value>Empty for the store without a name, whose services have no key.</value>
    public string Name => _registration.Name;

    internal StoreRegistration Registration => _registration;

    /// <summary>The builder of a store that something else uses, such as a server that is recorded in it. It registers no store, and may be asked for before the store is registered.</summary>
    /// <param name="services">Where the store is registered, or will be.</param>
    /// <param name="storeName">The name of the store; null, the default, for the one without a name.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="services"/> is null, or <paramref name="storeName"/> is not a valid name.</exception>
    public static ShadowcatSessionsBuilder For(IServiceCollection services, string? storeName = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return new(StoreRegistrations.Of(services, storeName is null ? "" : StoreName.Check(storeName, nameof(storeName))));
    }

    /// <summary>Chooses the store. Decorators lie around this store, whether they are added before or after.</summary>
    /// <typeparam name="TStore">The store. Where it has no decorators, the application can ask for it by this type, too.</typeparam>
    /// <param name="create">Makes the store, once; the container disposes of it.</param>
    /// <param name="call">The method that the application called, as errors name it. The compiler fills it in.</param>
    /// <returns>False where the same method chose the store on this builder before: then <paramref name="create"/> is not used.</returns>
    /// <exception cref="InvalidOperationException">Another method, or another builder, chose the store before; or the application registered one of its own.</exception>
    public bool TryUseStore<TStore>(Func<IServiceProvider, TStore> create, [CallerMemberName] string call = "")
        where TStore : class, ISessionStore
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentException.ThrowIfNullOrEmpty(call);
        return _registration.TryUse(this, create, call);
    }

    /// <summary>Puts a decorator around the store.</summary>
    /// <param name="layer">Where it lies among the others.</param>
    /// <param name="create">Makes the decorator around the store that it is given, once; the container disposes of it, before that store.</param>
    /// <param name="call">The method that the application called, as errors name it. The compiler fills it in.</param>
    /// <returns>False where the same method did so before: then <paramref name="create"/> is not used.</returns>
    /// <exception cref="InvalidOperationException">The application's own store is no singleton, or stands beside one that was chosen.</exception>
    public bool TryAddDecorator(StoreLayer layer, Func<IServiceProvider, ISessionStore, ISessionStore> create, [CallerMemberName] string call = "")
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentException.ThrowIfNullOrEmpty(call);
        if (_registration.IsAround(call))
        {
            return false;
        }

        _registration.Decorate(new StoreDecorator(call, layer, create));
        return true;
    }

    /// <summary>Adds options of the store: bound from a part of its section, where it has one, and checked when the host starts.</summary>
    /// <typeparam name="TOptions">The type of options.</typeparam>
    /// <param name="section">Which part of the store's section they are in, such as <c>Redis</c>.</param>
    /// <param name="bind">Binds them: <c>static (section, options) => section.Bind(options)</c>, where the generator of the binding sees the type. It is also called to find out which keys it asks for: a key that nothing asks for fails the start.</param>
    /// <param name="validator">Checks them; null where there is nothing to check.</param>
    /// <param name="optionsName">The name of the options; null, the default, for that of the store.</param>
    /// <returns>A builder that sets them further, after the configuration. They are bound once, however often this is called.</returns>
    /// <remarks>A duration in the section that is days to the binder, and may be meant as hours or seconds (<c>"24:00:00"</c>, <c>"5"</c>), fails the start.</remarks>
    /// <exception cref="InvalidOperationException">They were added for another store, by the same name.</exception>
    public OptionsBuilder<TOptions> AddOptions<[DynamicallyAccessedMembers(BoundSection.Members)] TOptions>(
        string section, Action<IConfiguration, TOptions> bind, IValidateOptions<TOptions>? validator = null, string? optionsName = null)
        where TOptions : class, new()
    {
        ArgumentException.ThrowIfNullOrEmpty(section);
        ArgumentNullException.ThrowIfNull(bind);
        return _registration.AddOptions(section, bind, validator, optionsName ?? Name);
    }

    /// <summary>Checks the store when the host starts.</summary>
    /// <param name="check">The check. It gets the services of the application and the store without decorators; what it throws fails the start.</param>
    /// <exception cref="InvalidOperationException">No store is registered yet.</exception>
    public void AddStartupCheck(Func<IServiceProvider, ISessionStore, CancellationToken, Task> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        _registration.CheckAdded(nameof(AddStartupCheck));
        Services.AddSingleton<IHostedService>(provider => new StoreStartupCheck(provider, _registration.InnermostOf(provider), check));
    }

    /// <summary>The store with its decorators.</summary>
    /// <param name="provider">The services of the application.</param>
    /// <exception cref="InvalidOperationException">No such store is registered.</exception>
    public ISessionStore GetStore(IServiceProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return _registration.StoreOf(provider);
    }

    /// <summary>The meter factory of this store, for the store itself and its decorators: with it, each measurement and span of a named store says which store it is of (<see cref="SessionTelemetry.StoreTag"/>).</summary>
    /// <param name="provider">The services of the application.</param>
    /// <returns>For the store without a name the registered factory, or null where there is none; for a named store a factory whose meters have the name as a tag.</returns>
    public IMeterFactory? GetMeterFactory(IServiceProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return Name.Length == 0 ? provider.GetService<IMeterFactory>() : provider.GetRequiredKeyedService<StoreMeterFactory>(Name);
    }

    /// <summary>The logger of this store, for the store itself and its decorators.</summary>
    /// <typeparam name="T">What logs.</typeparam>
    /// <param name="provider">The services of the application.</param>
    /// <returns>A logger whose category is the name of the type, followed by a dot and the name of the store, where it has one; null where no logging is registered.</returns>
    public ILogger<T>? GetLogger<T>(IServiceProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return Name.Length == 0 ? provider.GetService<ILogger<T>>()
            : provider.GetService<ILoggerFactory>() is { } factory ? new StoreLogger<T>(factory.CreateLogger($"{typeof(T).FullName}.{Name}"))
            : null;
    }

    /// <summary>The listeners that are notified of the expired sessions of this store, for what makes it.</summary>
    /// <param name="provider">The services of the application.</param>
    /// <returns>The listeners that are registered with the name of the store as their key; for the store without a name those without a key.</returns>
    public IEnumerable<ISessionExpirationListener> GetExpirationListeners(IServiceProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return Name.Length == 0 ? provider.GetServices<ISessionExpirationListener>() : provider.GetKeyedServices<ISessionExpirationListener>(Name);
    }
}
