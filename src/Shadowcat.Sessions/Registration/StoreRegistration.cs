using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Which store an application registered and what lies around it; and that nothing hands out a store, or a buffer, that goes around these.</summary>
internal sealed class StoreRegistration : IValidateOptions<SessionStoreOptions>
{
    private readonly IServiceCollection _services;
    private readonly List<ServiceDescriptor> _own = [];
    private readonly SortedSet<StoreLayer> _layers = [];
    private (ShadowcatSessionsBuilder Builder, string Call)? _choice;
    private bool _isLocated;

    private StoreRegistration(IServiceCollection services) => _services = services;

    /// <summary>What is around the store.</summary>
    private string Layers => string.Join(" and ", _layers.Select(static layer => layer switch
    {
        StoreLayer.Encryption => "the encryption (WithDataProtection)",
        StoreLayer.Buffering => "the buffer (WithBuffering)",
        StoreLayer.Own => "your own (Decorate)",
        _ => "the cache (WithCaching)",
    }));

    /// <summary>The registration of an application, made at the first call.</summary>
    public static StoreRegistration Of(IServiceCollection services)
    {
        if (services.FirstOrDefault(static service => service is { IsKeyedService: false, ImplementationInstance: StoreRegistration }) is { } found)
        {
            return (StoreRegistration)found.ImplementationInstance!;
        }

        var registration = new StoreRegistration(services);
        services.AddSingleton(registration);
        services.AddSingleton<IValidateOptions<SessionStoreOptions>>(registration);
        return registration;
    }

    /// <summary>Keeps the sessions in a store that the container makes, where the application has registered none.</summary>
    public void TryUse(Func<IServiceProvider, ISessionStore> make)
    {
        if (Last() is null)
        {
            Use(provider => new InnermostStore(make(provider), isOwned: true));
        }
    }

    /// <summary>Keeps the sessions in a store that the application has chosen, which it can also ask for by its type where nothing lies around it.</summary>
    /// <param name="builder">Whose choice it is.</param>
    /// <param name="call">The method by which it was chosen, as errors name it.</param>
    /// <param name="make">Makes the store.</param>
    /// <param name="isLocated">Whether the call itself says where the server is.</param>
    /// <returns>False where that was chosen before, and the call only configures it.</returns>
    /// <exception cref="InvalidOperationException">There is a store already.</exception>
    public bool Use<TStore>(ShadowcatSessionsBuilder builder, string call, Func<IServiceProvider, TStore> make, bool isLocated)
        where TStore : class, ISessionStore
    {
        if (_choice is { } before && (before != (builder, call) || (isLocated && _isLocated)))
        {
            throw new InvalidOperationException(
                $"{before.Call} was called before: an application has one store, and the settings of two would be mixed. Choose one store, once; its options can be set further on the same builder.");
        }

        if (Last() is { } last && !_own.Contains(last))
        {
            throw TwoStores(call);
        }

        var isFirst = _choice is null;
        (_choice, _isLocated) = ((builder, call), _isLocated || isLocated);
        if (!isFirst && !isLocated)
        {
            return false;
        }

        Use(provider => new InnermostStore(make(provider), isOwned: true));
        Own(ServiceDescriptor.Singleton(provider => _layers.Count == 0
            ? (TStore)provider.GetRequiredService<InnermostStore>().Store
            : throw new InvalidOperationException($"A {typeof(TStore).Name} by its own type would go around {Layers}: ask for {nameof(ISessionStore)}.")));
        return true;
    }

    /// <summary>Notes what lies around the store; a store of the application's own goes inside.</summary>
    /// <returns>False where it was noted before.</returns>
    /// <exception cref="InvalidOperationException">A store of the application's own is no singleton.</exception>
    public bool TryAdd(StoreLayer layer)
    {
        if (!_layers.Add(layer))
        {
            return false;
        }

        if (Last() is { } last && !_own.Contains(last))
        {
            if (_choice is { } choice)
            {
                throw TwoStores(choice.Call);
            }

            if (last.Lifetime != ServiceLifetime.Singleton)
            {
                throw new InvalidOperationException($"The registered {nameof(ISessionStore)} is {last.Lifetime}; {Layers} can only lie around a singleton.");
            }

            _services.Remove(last);
            Use(provider => last.ImplementationInstance is ISessionStore instance
                ? new InnermostStore(instance, isOwned: false)
                : new InnermostStore((ISessionStore)(last.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, last.ImplementationType!)), isOwned: true));
        }

        return true;
    }

    /// <summary>Registers something that hands out what lies around the store.</summary>
    public void Own(ServiceDescriptor descriptor)
    {
        _own.Add(descriptor);
        _services.Add(descriptor);
    }

    /// <summary>Refuses to start where something else would hand out a store, or a buffer, without what lies around it.</summary>
    public ValidateOptionsResult Validate(string? name, SessionStoreOptions options) =>
        _layers.Count > 0 && _services.FirstOrDefault(service => IsGuarded(service.ServiceType) && !_own.Contains(service)) is { } stranger
            ? ValidateOptionsResult.Fail(
                $"A{(stranger.IsKeyedService ? $" keyed {stranger.ServiceType.Name} ({stranger.ServiceKey})" : $"n {stranger.ServiceType.Name}")} is registered beside AddShadowcatSessions, and would be handed out without {Layers}. "
                + $"Remove it; a store of your own goes inside where it is registered as {nameof(ISessionStore)} before these calls.")
            : ValidateOptionsResult.Success;

    /// <summary>Whether a service is a store or a buffer. One that is asked for by its own type is handed out without what lies around the store, too.</summary>
    private static bool IsGuarded(Type service) => service.IsAssignableTo(typeof(ISessionStore)) || service.IsAssignableTo(typeof(ISessionBuffer));

    private static InvalidOperationException TwoStores(string call) => new(
        $"An {nameof(ISessionStore)} of the application's own is registered beside {call}, and one would put the other out of use: remove it, or leave {call} out.");

    private ServiceDescriptor? Last() => _services.LastOrDefault(static service => service is { IsKeyedService: false } && service.ServiceType == typeof(ISessionStore));

    private void Use(Func<IServiceProvider, InnermostStore> make)
    {
        foreach (var before in _own.Where(static service => service.ServiceType != typeof(ISessionBuffer)).ToList())
        {
            _own.Remove(before);
            _services.Remove(before);
        }

        Own(ServiceDescriptor.Singleton(make));
        Own(ServiceDescriptor.Singleton(static provider => provider.Decorate()));
    }
}
