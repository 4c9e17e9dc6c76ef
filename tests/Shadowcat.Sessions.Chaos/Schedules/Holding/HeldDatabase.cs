using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.ExceptionServices;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Chaos.Schedules.Holding;

/// <summary>A database that holds what it is asked for, while its gate is closed.</summary>
#pragma warning disable MA0053 // The proxies are made by deriving from it.
internal class HeldDatabase : DispatchProxy
#pragma warning restore MA0053
{
    private static readonly ConcurrentDictionary<Type, ConstructorInfo> Commands = [];

    private IDatabase _database = null!;
    private CommandGate _gate = null!;

    public static IDatabase Create(IDatabase database, CommandGate gate)
    {
        var proxy = Create<IDatabase, HeldDatabase>();
        var held = (HeldDatabase)(object)proxy;
        (held._database, held._gate) = (database, gate);
        return proxy;
    }

    /// <summary>Calls the real thing, with its own exceptions.</summary>
    public static object? Call(MethodInfo method, object target, object?[]? arguments)
    {
        try
        {
            return method.Invoke(target, arguments);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        if (!_gate.IsClosed || CommandKind.IsPassed(method.Name, args))
        {
            return Call(method, _database, args);
        }

        var type = method.ReturnType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(Task<>))
        {
            throw new NotSupportedException($"The schedules cannot hold IDatabase.{method.Name}: teach them to.");
        }

        var arguments = Array.ConvertAll(args!, Copy);
        var constructor = Commands.GetOrAdd(type, static reply => typeof(HeldCommand<>).MakeGenericType(reply.GetGenericArguments()).GetConstructors()[0]);
        var command = (HeldCommand)constructor.Invoke([CommandKind.Name(method.Name, args), CommandKind.IsRead(method.Name, args), (Func<Task>)(() => (Task)Call(method, _database, arguments)!)]);
        _gate.Hold(command);
        return command.GetType().GetProperty(nameof(HeldCommand<int>.Reply))!.GetValue(command);
    }

    /// <summary>What was sent has left the process: whatever becomes of the buffer, these bytes arrive.</summary>
    private static object? Copy(object? argument) => argument switch
    {
        RedisValue value => Copy(value),
        RedisValue[] values => Array.ConvertAll(values, Copy),
        RedisKey[] keys => keys.ToArray(),
        object[] words => Array.ConvertAll(words, Copy),
        ReadOnlyMemory<RedisValue> values => (ReadOnlyMemory<RedisValue>)Array.ConvertAll(values.ToArray(), Copy),
        ReadOnlyMemory<RedisKeyOrValue> words => (ReadOnlyMemory<RedisKeyOrValue>)words.ToArray(),
        _ => argument,
    };

    private static RedisValue Copy(RedisValue value) => value.IsNull || value.IsInteger ? value : ((byte[])value!).ToArray();
}
