using StackExchange.Redis;

namespace Shadowcat.Sessions.Chaos.Schedules.Holding;

/// <summary>A command that a store has sent and that has not arrived yet.</summary>
/// <param name="name">What it is, to a reader.</param>
internal abstract class HeldCommand(string name)
{
    public string Name => name;

    /// <summary>What a store is told whose connection breaks with a command on its way.</summary>
    protected static RedisConnectionException Broken => new(ConnectionFailureType.SocketFailure, CommandFlags.None, "The schedule broke the connection.", innerException: null, CommandStatus.Sent);

    /// <summary>Carries it out, and answers.</summary>
    public abstract Task AnswerAsync();

    /// <summary>Breaks the connection: the sender hears that nobody knows what became of it.</summary>
    public abstract void Break();

    /// <summary>Carries it out after the connection broke.</summary>
    public abstract Task ArriveLateAsync();
}
