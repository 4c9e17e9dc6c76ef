using System.Reflection;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Chaos.Schedules.Holding;

/// <summary>A connection whose databases hold commands at a gate. Everything else it leaves to the real one.</summary>
#pragma warning disable MA0053 // The proxies are made by deriving from it.
internal class HeldConnection : DispatchProxy
#pragma warning restore MA0053
{
    private IConnectionMultiplexer _connection = null!;
    private IDatabase _database = null!;

    public static IConnectionMultiplexer Create(IConnectionMultiplexer connection, CommandGate gate)
    {
        var proxy = Create<IConnectionMultiplexer, HeldConnection>();
        var held = (HeldConnection)(object)proxy;
        held._connection = connection;
        held._database = HeldDatabase.Create(connection.GetDatabase(), gate);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IConnectionMultiplexer.GetDatabase) ? _database : HeldDatabase.Call(targetMethod, _connection, args);
}
