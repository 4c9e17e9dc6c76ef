using System.Reflection;

namespace Shadowcat.Sessions.Tests;

/// <summary>Notes which members are called, and does nothing.</summary>
public class CallLog : DispatchProxy
{
    public ICollection<MethodInfo> Calls { get; } = [];

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Calls.Add(targetMethod!);
        return targetMethod!.ReturnType.IsValueType ? Activator.CreateInstance(targetMethod.ReturnType) : null;
    }
}
