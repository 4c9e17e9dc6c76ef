using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>One store that an application registered: which it is, what lies around it, and which section of the configuration is its own.</summary>
/// <param name="all">The stores of the application.</param>
/// <param name="services">Where it is registered.</param>
/// <param name="name">Its name; empty for the one without a name.</param>
internal sealed class StoreRegistration(StoreRegistrations all, IServiceCollection services, string name)
{
    private readonly List<StoreDecorator> _decorators = [];
    private readonly List<BoundSection> _sections = [];
    private Func<IServiceProvider, ISessionStore>? _create;
    private bool _isOwned = true;
    private (ShadowcatSessionsBuilder Builder, string Call)? _choice;
    private ServiceDescriptor? _byType;
    private IConfiguration? _section;

    /// <summary>Where it is registered.</summary>
    public IServiceCollection Services => services;

    /// <summary>Its name; empty for the one without a name.</summary>
    public string Name => name;

    /// <summary>What texts call it.</summary>
    public string Title => name.Length == 0 ? "the store without a name" : $"the store '{name}'";

    /// <summary>Whether the application registered it, and not only something that uses it.</summary>
    public bool IsAdded { get; private set; }

    /// <summary>The application's own registration of the store, as long as nothing lies around it; null where there is none.</summary>
    public ServiceDescriptor? Adopted { get; private set; }

    /// <summary>The calls that put something around the store; empty where there are none.</summary>
    public string Around => string.Join(" and ", _decorators.OrderBy(static decorator => decorator.Layer).Select(static decorator => decorator.Call).Distinct(StringComparer.Ordinal));

    private string Add => name.Length == 0 ? "services.AddShadowcatSessions()" : $"services.AddShadowcatSessions(\"{name}\")";

    /// <summary>Notes that the application registers the store.</summary>
    /// <param name="section">Where its options are; null for none.</param>
    /// <returns>False where it did before.</returns>
    /// <exception cref="InvalidOperationException">The name is taken, or the store has a section.</exception>
    public bool TryBegin(IConfiguration? section)
    {
        if (IsAdded && name.Length > 0)
        {
            throw new InvalidOperationException(
                $"A store named '{name}' was registered before: a name is for one AddShadowcatSessions. Give the other store a name of its own, or set the options of this one on the builder that the first call returned.");
        }

        if (_section is not null && section is not null)
        {
            throw new InvalidOperationException("AddShadowcatSessions was called with a configuration section before: one section configures a store. Give the second store a name: services.AddShadowcatSessions(\"name\", section).");
        }

        _section ??= section;
        var isFirst = !IsAdded;
        IsAdded = true;
        return isFirst;
    }

    /// <summary>Keeps the sessions in a store that the container makes, where the application has registered none.</summary>
    public void UseDefault(Func<IServiceProvider, ISessionStore> create)
    {
        Adopted = Last();
        if (Adopted is null)
        {
            Use(create, isOwned: true);
        }
    }

    /// <inheritdoc cref="ShadowcatSessionsBuilder.TryUseStore"/>
    public bool TryUse<TStore>(ShadowcatSessionsBuilder builder, Func<IServiceProvider, TStore> create, string call)
        where TStore : class, ISessionStore
    {
        CheckAdded(call);
        if (_choice is { } before && before != (builder, call))
        {
            throw ChosenBefore(before.Call);
        }

        if (Last() is { } last && !all.IsOwn(last))
        {
            throw TwoStores(call);
        }

        if (_choice is not null)
        {
            return false;
        }

        _choice = (builder, call);
        Use(create, isOwned: true);
        _byType = Singleton(provider => _decorators.Count == 0
            ? (TStore)StackOf(provider).Innermost
            : throw new InvalidOperationException($"A {typeof(TStore).Name} by its own type would go around {Around}: ask for {nameof(ISessionStore)}."));
        all.Add(_byType);
        return true;
    }

    /// <summary>Says that a store was chosen before.</summary>
    public static InvalidOperationException ChosenBefore(string call) => new(
        $"{call} was called before: a store is chosen once, as the settings of two would be mixed. Set further options on the same builder, and give a second store a name: services.AddShadowcatSessions(\"name\").");

    /// <summary>Puts something around the store; a store of the application's own goes inside.</summary>
    /// <exception cref="InvalidOperationException">A store of the application's own is no singleton, or stands beside one that was chosen.</exception>
    public void Decorate(StoreDecorator decorator)
    {
        CheckAdded(decorator.Call);
        if (Last() is { } last && !all.IsOwn(last))
        {
            if (_choice is { } choice)
            {
                throw TwoStores(choice.Call);
            }

            if (last.Lifetime != ServiceLifetime.Singleton)
            {
                throw new InvalidOperationException($"The registered {nameof(ISessionStore)} is {last.Lifetime}; {decorator.Call} can only put something around a singleton.");
            }

            services.Remove(last);
            Use(provider => Create(last, provider), isOwned: (last.IsKeyedService ? last.KeyedImplementationInstance : last.ImplementationInstance) is null);
        }

        Adopted = null;
        _decorators.Add(decorator);
    }

    /// <summary>Whether a call put something around the store.</summary>
    public bool IsAround(string call) => _decorators.Any(decorator => decorator.Call == call);

    /// <summary>Registers something that hands out what lies around the store.</summary>
    public void AddOwn<TService>(Func<IServiceProvider, TService> create)
        where TService : class => all.Add(Singleton(create));

    /// <inheritdoc cref="ShadowcatSessionsBuilder.AddOptions"/>
    public OptionsBuilder<TOptions> AddOptions<[DynamicallyAccessedMembers(BoundSection.Members)] TOptions>(
        string section, Action<IConfiguration, TOptions> bind, IValidateOptions<TOptions>? validator, string optionsName)
        where TOptions : class, new()
    {
        var isFirst = all.TryBind(typeof(TOptions), optionsName, this);
        var options = services.AddOptions<TOptions>(optionsName).ValidateOnStart();
        if (validator is not null)
        {
            services.TryAddEnumerable(ServiceDescriptor.Singleton(validator));
        }

        if (isFirst)
        {
            _sections.Add(BoundSection.Of(section, bind));
            options.Configure(bound =>
            {
                if (_section is not null)
                {
                    var from = BoundSection.In(_section, section);
                    ConfiguredDurations.Check<TOptions>(from);
                    bind(from, bound);
                }
            });
        }

        return options;
    }

    /// <summary>The keys of the store's section that nothing binds, a sentence each.</summary>
    public IEnumerable<string> UnboundKeys() => _section is null ? [] : SectionKeys.Unbound(_section, _sections);

    /// <inheritdoc cref="ShadowcatSessionsBuilder.GetStore"/>
    public ISessionStore StoreOf(IServiceProvider provider) => (name.Length == 0 ? provider.GetService<ISessionStore>() : provider.GetKeyedService<ISessionStore>(name))
        ?? throw new InvalidOperationException($"There is no {nameof(ISessionStore)}{(name.Length == 0 ? "" : $" named '{name}'")} to keep sessions in; register one, for example with {Add}.");

    /// <summary>The store with everything around it, once the container has made it.</summary>
    public StoreStack StackOf(IServiceProvider provider) => provider.GetRequiredKeyedService<StoreStack>(name);

    /// <summary>The store without anything around it.</summary>
    public ISessionStore InnermostOf(IServiceProvider provider) => provider.GetKeyedService<StoreStack>(name)?.Innermost ?? StoreOf(provider);

    /// <exception cref="InvalidOperationException">Only something that uses the store was registered.</exception>
    public void CheckAdded(string call)
    {
        if (!IsAdded)
        {
            throw new InvalidOperationException($"{call} needs a registered store: call {Add} before.");
        }
    }

    private static ISessionStore Create(ServiceDescriptor own, IServiceProvider provider) => (ISessionStore)(own.IsKeyedService
        ? own.KeyedImplementationInstance ?? own.KeyedImplementationFactory?.Invoke(provider, own.ServiceKey) ?? ActivatorUtilities.CreateInstance(provider, own.KeyedImplementationType!)
        : own.ImplementationInstance ?? own.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, own.ImplementationType!));

    private static InvalidOperationException TwoStores(string call) => new(
        $"An {nameof(ISessionStore)} of the application's own is registered beside {call}, and one would put the other out of use: remove it, or leave {call} out.");

    /// <summary>The registration that an application gets when it asks for the store.</summary>
    private ServiceDescriptor? Last() =>
        services.LastOrDefault(service => service.ServiceType == typeof(ISessionStore) && (name.Length == 0 ? !service.IsKeyedService : name.Equals(service.ServiceKey)));

    private void Use(Func<IServiceProvider, ISessionStore> create, bool isOwned)
    {
        var isFirst = _create is null;
        (_create, _isOwned) = (create, isOwned);
        if (isFirst)
        {
            services.AddKeyedSingleton(name, (provider, _) => new StoreStack(provider, _create(provider), _isOwned, [.. _decorators.OrderBy(static decorator => decorator.Layer)]));
            AddOwn(provider => StackOf(provider).Store);
        }
    }

    private ServiceDescriptor Singleton<TService>(Func<IServiceProvider, TService> create)
        where TService : class => name.Length == 0 ? ServiceDescriptor.Singleton(create) : ServiceDescriptor.KeyedSingleton(name, (provider, _) => create(provider));
}
