using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>The stores that an application registered, each by its name; and that nothing hands out a store, or a buffer, that goes around what lies around one of them.</summary>
internal sealed class StoreRegistrations : IValidateOptions<SessionStoreOptions>
{
    private readonly IServiceCollection _services;
    private readonly Dictionary<string, StoreRegistration> _stores = new(StringComparer.Ordinal);
    private readonly HashSet<ServiceDescriptor> _own = [];
    private readonly Dictionary<(Type Options, string Name), StoreRegistration> _options = [];

    private StoreRegistrations(IServiceCollection services) => _services = services;

    /// <summary>The registration of a store, made at the first call.</summary>
    /// <param name="services">Where it is registered.</param>
    /// <param name="name">The name of the store; empty for the one without a name.</param>
    public static StoreRegistration Of(IServiceCollection services, string name)
    {
        var found = services.FirstOrDefault(static service => service is { IsKeyedService: false, ImplementationInstance: StoreRegistrations });
        if (found?.ImplementationInstance is not StoreRegistrations registrations)
        {
            registrations = new StoreRegistrations(services);
            services.AddSingleton(registrations);
            services.AddSingleton<IValidateOptions<SessionStoreOptions>>(registrations);
        }

        if (!registrations._stores.TryGetValue(name, out var store))
        {
            registrations._stores[name] = store = new StoreRegistration(registrations, services, name);
            if (name.Length > 0)
            {
                services.AddKeyedSingleton(name, (provider, _) => new StoreMeterFactory(provider.GetService<IMeterFactory>(), name));
            }
        }

        return store;
    }

    /// <summary>Whether the registration of one of the stores added a service.</summary>
    public bool IsOwn(ServiceDescriptor service) => _own.Contains(service);

    /// <summary>Registers something that hands out what lies around a store.</summary>
    public void Add(ServiceDescriptor service)
    {
        _own.Add(service);
        _services.Add(service);
    }

    /// <summary>Takes away what was registered before.</summary>
    public void Remove(ServiceDescriptor service)
    {
        _own.Remove(service);
        _services.Remove(service);
    }

    /// <summary>Notes whose options are bound.</summary>
    /// <returns>False where that was noted before.</returns>
    /// <exception cref="InvalidOperationException">They are those of another store.</exception>
    public bool TryBind(Type options, string name, StoreRegistration store)
    {
        if (_options.TryAdd((options, name), store))
        {
            return true;
        }

        var before = _options[(options, name)];
        return before == store ? false : throw new InvalidOperationException(
            $"{options.Name} were asked for with {before.Title} before, and now with {store.Title}: the settings of two stores would be mixed. Name the same store in each call.");
    }

    /// <summary>Refuses to start where something else would hand out a store, or a buffer, without what lies around it, and where a key of the configuration is bound by nothing.</summary>
    public ValidateOptionsResult Validate(string? name, SessionStoreOptions options)
    {
        if (!_stores.TryGetValue(name ?? "", out var store) || !store.IsAdded)
        {
            return ValidateOptionsResult.Skip;
        }

        List<string> failures = [.. store.UnboundKeys()];
        if (store.Around is { Length: > 0 } around && _services.FirstOrDefault(IsStranger) is { } stranger)
        {
            failures.Add(
                $"A{(stranger.IsKeyedService ? $" keyed {stranger.ServiceType.Name} ({stranger.ServiceKey})" : $"n {stranger.ServiceType.Name}")} is registered beside AddShadowcatSessions, and would be handed out without {around}. "
                + $"Remove it; a store of your own goes inside where it is registered as {nameof(ISessionStore)} before these calls, and another store has a name of its own: services.AddShadowcatSessions(\"name\").");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>Whether a service is a store or a buffer that no registration here hands out. One that is asked for by its own type is handed out without what lies around the store, too.</summary>
    private bool IsStranger(ServiceDescriptor service) =>
        (service.ServiceType.IsAssignableTo(typeof(ISessionStore)) || service.ServiceType.IsAssignableTo(typeof(ISessionBuffer)))
        && !IsOwn(service)
        && !_stores.Values.Any(store => store.Adopted == service);
}
