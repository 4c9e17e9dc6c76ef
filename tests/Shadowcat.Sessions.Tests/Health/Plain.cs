using System.Reflection;

namespace Shadowcat.Sessions.Tests.Health;

/// <summary>A store that is nothing but its contract, as one that somebody else wrote; it fails where the test says so.</summary>
public class Plain : DispatchProxy
{
    private ISessionStore _store = null!;
    private Exception? _failure;

    public static ISessionStore Around(ISessionStore store, Exception? failure = null)
    {
        var proxy = Create<ISessionStore, Plain>();
        var plain = (Plain)(object)proxy;
        (plain._store, plain._failure) = (store, failure);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(ISessionStore.GetService) ? null
        : _failure is null ? targetMethod.Invoke(_store, BindingFlags.DoNotWrapExceptions, null, args, null) : throw _failure;
}
