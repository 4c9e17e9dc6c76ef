using System.Reflection;

namespace Shadowcat.Sessions.Tests.Chaos.Schedules;

/// <summary>A store with one call that is not what it should be.</summary>
#pragma warning disable MA0053 // The proxies are made by deriving from it.
public class MeddledStore : DispatchProxy
#pragma warning restore MA0053
{
    private ISessionStore _store = null!;
    private string _call = "";
    private Func<ISessionStore, object, object> _instead = null!;

    /// <summary>Makes the store.</summary>
    /// <param name="store">What all other calls go to.</param>
    /// <param name="call">The method.</param>
    /// <param name="instead">What it does instead, with its first argument.</param>
    public static ISessionStore Create(ISessionStore store, string call, Func<ISessionStore, object, object> instead)
    {
        var proxy = Create<ISessionStore, MeddledStore>();
        var meddled = (MeddledStore)(object)proxy;
        (meddled._store, meddled._call, meddled._instead) = (store, call, instead);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == _call ? _instead(_store, args![0]!) : targetMethod.Invoke(_store, args);
}
