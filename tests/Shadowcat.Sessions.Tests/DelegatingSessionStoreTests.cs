using System.Reflection;
using Microsoft.AspNetCore.DataProtection;
using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests;

/// <summary>What a decorator of one's own passes on, and what is found through a stack of decorators.</summary>
public sealed class DelegatingSessionStoreTests
{
    private readonly InMemorySessionStore _store = new();

    [Fact]
    public void EveryMember_IsForwarded()
    {
        var inner = DispatchProxy.Create<ISessionStore, CallLog>();
        var calls = ((CallLog)(object)inner).Calls;
        ISessionStore decorator = new PlainDecorator(inner);
        var members = typeof(ISessionStore).GetMethods();
        foreach (var member in members)
        {
            // Default arguments do: nothing is looked at on the way.
            object?[] arguments = [.. member.GetParameters().Select(parameter =>
                parameter.ParameterType == typeof(Type) ? typeof(string) : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null)];
            member.Invoke(decorator, arguments);
        }

        Assert.Equal(members.Select(static member => member.ToString()), calls.Select(static member => member.ToString()));
    }

    [Fact]
    public void Interface_HasAtMostTwelveMembersThatAStoreMustWrite()
    {
        var mandatory = typeof(ISessionStore).GetMethods().Where(static member => member.IsAbstract).Select(static member => member.Name).ToList();

        Assert.InRange(mandatory.Count, 1, 12);
    }

    [Fact]
    public void GetService_OfWhatAStoreCan_IsFoundThroughDecorators()
    {
        ISessionStore decorated = new PlainDecorator(new PlainDecorator(_store));

        Assert.Same(_store, decorated.GetService<ISessionStoreHealth>());
        Assert.Same(_store, decorated.GetService<ISessionChanges>());
        Assert.Same(decorated, decorated.GetService<ISessionStore>());
        Assert.Null(decorated.GetService<IDisposable>());
    }

    [Fact]
    public void GetService_OfWhatWouldGoAroundADecorator_FindsNothing()
    {
        using var buffer = new BufferedSessionStore(_store);
        ISessionStore decorated = new PlainDecorator(buffer);

        Assert.Null(decorated.GetService<ISessionBuffer>());
        Assert.Null(decorated.GetService<BufferedSessionStore>());
        Assert.Null(new PlainDecorator(_store).GetService<IRepeatableAppends>());
        Assert.Null(new PlainDecorator(_store).GetService<InMemorySessionStore>());
    }

    [Fact]
    public void GetService_ThroughACache_FindsTheBufferInside()
    {
        using var buffer = new BufferedSessionStore(_store);
        using var cache = new CachedSessionStore(buffer);

        Assert.Same(buffer, cache.GetService<ISessionBuffer>());
    }

    [Fact]
    public void GetService_ThroughEncryption_HandsOutNothingThatIsNotEncrypted()
    {
        var store = new ProtectedSessionStore(_store, new EphemeralDataProtectionProvider());

        Assert.Same(store, store.GetService<IRepeatableAppends>());
        Assert.Null(store.GetService<InMemorySessionStore>());
        Assert.Null(new ProtectedSessionStore(new MinimalStore(_store), new EphemeralDataProtectionProvider()).GetService<IRepeatableAppends>());
    }

    [Fact]
    public void Decorators_AroundAStoreThatLacksWhatTheyNeed_SayWhatIsMissing()
    {
        var minimal = new MinimalStore(_store);

        Assert.Contains("MinimalStore cannot distinguish a repeated append from a new one", Assert.Throws<ArgumentException>(() => new BufferedSessionStore(minimal)).Message, StringComparison.Ordinal);
        Assert.Contains("MinimalStore does not notify of changes", Assert.Throws<ArgumentException>(() => new CachedSessionStore(minimal)).Message, StringComparison.Ordinal);
    }
}
