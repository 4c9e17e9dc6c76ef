using System.Reflection;

namespace Shadowcat.Sessions.Tests.Archives;

/// <summary>A store that dies in the middle: after so many calls of one kind, before or after the call is carried out.</summary>
public class FailingStore : DispatchProxy
{
    private ISessionStore _store = null!;
    private string _method = "";
    private int _callsLeft;
    private bool _after;
    private Exception _failure = new IOException("killed");

    public static ISessionStore Around(ISessionStore store, string method, int calls, bool after, Exception? failure = null)
    {
        var proxy = Create<ISessionStore, FailingStore>();
        var failing = (FailingStore)(object)proxy;
        (failing._store, failing._method, failing._callsLeft, failing._after) = (store, method, calls, after);
        failing._failure = failure ?? failing._failure;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var fails = targetMethod!.Name == _method && _callsLeft-- == 0;
        if (fails && !_after)
        {
            throw _failure;
        }

        var result = targetMethod.Invoke(_store, BindingFlags.DoNotWrapExceptions, null, args, null);
        return fails ? throw _failure : result;
    }
}
