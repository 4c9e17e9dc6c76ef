using StackExchange.Redis;

namespace Shadowcat.Sessions.Chaos.Schedules.Holding;

/// <summary>A command that a store has sent and that has not arrived yet.</summary>
/// <param name="name">What it is, to a reader.</param>
/// <param name="isRead">Whether it only reads.</param>
internal abstract class HeldCommand(string name, bool isRead)
{
    public string Name => name;

    /// <summary>Whether it only reads: whenever it arrives, it changes nothing, and what nobody waits for need not arrive at all.</summary>
    public bool IsRead => isRead;

    /// <summary>Whether a session may be there afterwards that was not before, or the other way round.</summary>
    public bool BeginsOrEndsSession { get; } = name.Contains("\"Creates ", StringComparison.Ordinal) || name.Contains("\"Deletes any number of sessions", StringComparison.Ordinal);

    /// <summary>The error of a store whose connection breaks with a command on its way.</summary>
    protected static RedisConnectionException Broken => new(ConnectionFailureType.SocketFailure, CommandFlags.None, "The schedule broke the connection.", innerException: null, CommandStatus.Sent);

    /// <summary>Carries it out, and answers.</summary>
    public abstract Task AnswerAsync();

    /// <summary>Breaks the connection: the sender gets an unknown outcome.</summary>
    public abstract void Break();

    /// <summary>Carries it out after the connection broke.</summary>
    public abstract Task ArriveLateAsync();
}
