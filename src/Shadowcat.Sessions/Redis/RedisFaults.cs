using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Says in the terms of the contract what the client library reported.</summary>
/// <remarks>Messages are made here of what is known to be harmless: those of the client library name end points, keys and settings.</remarks>
/// <seealso href="https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors"/>
internal static class RedisFaults
{
    /// <summary>True for what <see cref="Translate(Exception, string, SessionId?, TimeSpan)"/> translates; anything else is a bug or a cancellation and passes as it is.</summary>
    public static bool IsFault(Exception exception) =>
        exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException or AggregateException;

    public static SessionStoreException Translate(Exception exception, string operation, SessionId? id, TimeSpan timeout) => exception switch
    {
        RedisServerException server => Translate(server, operation, id),
        RedisConnectionException connection => Translate(connection, operation, id),
        TimeoutException => new SessionTimeoutException(operation, id, timeout, exception),
        ObjectDisposedException => new SessionStoreUnavailableException(
            operation, id, "the connection or the store has been disposed of.", outcomeUnknown: false, exception),
        RedisCommandException => new SessionStoreConfigurationException(operation, id, "the client library refused to send the command.", exception),
        SessionStoreConfigurationException => new SessionStoreConfigurationException(operation, id, exception.Message, exception),
        _ => new SessionStoreException(operation, id, "the client library failed.", exception),
    };

    /// <summary>True for what may be over in a moment: no connection, or a server that says it does not serve just now.</summary>
    public static bool IsTransient(Exception? exception) => exception switch
    {
        RedisConnectionException => ConnectionFaults.Refusal(exception) is null,
        RedisServerException server => IsInMotion(exception) || Code(server) is "READONLY" or "BUSY" or "NOSCRIPT",
        _ => false,
    };

    /// <summary>True where a server says that it is on the way to serving: a slot moves, a replica takes over, data is loaded. Nothing was done.</summary>
    public static bool IsInMotion(Exception? exception) => exception switch
    {
        RedisServerException server => Code(server) is "LOADING" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN" or "MOVED" or "ASK" or "NOREPLICAS",

        // What the client library makes of an ASK that it was told not to follow, or could not.
        RedisConnectionException { FailureType: ConnectionFailureType.UnableToConnect } connection =>
            connection.Message.Contains("is not reachable at this point of time", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>
    /// True where the server is not there for anybody: it cannot be reached, is silent, or says that it serves nothing at all. So it is where every try was
    /// answered MOVED and that was not followed: the server that others name is not there to be asked.
    /// </summary>
    public static bool IsOutage(Exception exception) => exception switch
    {
        RedisServerException server => Code(server) is "LOADING" or "MASTERDOWN" or "CLUSTERDOWN" or "BUSY"
            || server.Message.Contains(nameof(CommandFlags.NoRedirect), StringComparison.Ordinal),
        RedisConnectionException => ConnectionFaults.Refusal(exception) is null && !IsInMotion(exception),
        TimeoutException => true,
        _ => false,
    };

    /// <summary>True where the connection broke with the command on its way, which may have been carried out.</summary>
    public static bool IsOutcomeUnknown(Exception? exception) =>
        exception is RedisConnectionException { CommandStatus: CommandStatus.Sent or CommandStatus.Unknown, FailureType: not ConnectionFailureType.UnableToConnect }
        && ConnectionFaults.Refusal(exception) is null;

    /// <summary>True where what was sent may still be carried out, now or later. A server that answers with an error did nothing.</summary>
    public static bool MayArriveLate(Exception exception) =>
        exception is RedisConnectionException ? IsOutcomeUnknown(exception) : exception is not (RedisServerException or RedisCommandException);

    /// <summary>How Redis 6 and Garnet begin where a command inside of a script failed; what it failed with stands at the end, behind the place.</summary>
    private static readonly string[] InScript = ["ERR Error running script ", "ERR Lua encountered an error: "];

    /// <summary>How Redis 6 and 7.0 begin where a script may not send a command; they give these no code of their own.</summary>
    private static readonly string[] NotPermittedInScript = ["The user executing the script ", "ERR ACL failure in script"];

    /// <summary>How the client library begins where it was sent on twice, or to nowhere: the slot is on its way.</summary>
    private static readonly string[] NotFollowed = ["Key has MOVED", "The server redirected"];

    /// <summary>The first word of an error, which says what kind it is. Some servers put a general ERR in front of it.</summary>
    private static ReadOnlySpan<char> Code(RedisServerException exception)
    {
        var message = exception.Message.AsSpan();
        if (message.StartsWith("ERR ") && message["ERR ".Length..].IndexOfAnyExceptInRange('A', 'Z') is var end and > 1 && message["ERR ".Length + end] == ' ')
        {
            message = message["ERR ".Length..];
        }

        if (Array.Exists(InScript, text => exception.Message.StartsWith(text, StringComparison.Ordinal)))
        {
            message = message[(message.LastIndexOf(": ") + 2)..].TrimStart('-');
        }

        return Array.Exists(NotFollowed, text => exception.Message.StartsWith(text, StringComparison.Ordinal)) ? "MOVED"
            : message.IndexOf(' ') is var space and >= 0 ? message[..space]
            : message;
    }

    private static SessionStoreException Translate(RedisServerException exception, string operation, SessionId? id)
    {
        var code = Array.Exists(NotPermittedInScript, text => exception.Message.Contains(text, StringComparison.Ordinal)) ? "NOPERM" : Code(exception);
        return code switch
        {
            "OOM" => new SessionLimitExceededException(
                operation, id, SessionLimitExceededException.ServerMemory, "the server is at its memory limit and refuses to write.", exception),
            "WRONGTYPE" => new SessionSerializationException(
                operation, id, "a key of the store holds a value of another type.", innerException: exception),
            "NOPERM" when exception.Message.Contains("channel", StringComparison.Ordinal) => new SessionStoreConfigurationException(
                operation,
                id,
                $"the server does not permit the account to publish changes (NOPERM): it needs the channel, or {nameof(RedisSessionStoreOptions)}.{nameof(RedisSessionStoreOptions.PublishChanges)} has to be off.",
                exception),
            "NOAUTH" or "WRONGPASS" or "NOPERM" => new SessionStoreConfigurationException(
                operation, id, "the server refused the credentials or does not permit the command (" + code.ToString() + ").", exception),
            "READONLY" => new SessionStoreUnavailableException(
                operation, id, "the server is a read-only replica; nothing was written.", outcomeUnknown: false, exception),
            "LOADING" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN" or "BUSY" or "MISCONF" or "NOREPLICAS" or "MOVED" or "ASK" or "MAXCLIENTS" or "NOSCRIPT" =>
                new SessionStoreUnavailableException(operation, id, $"the server does not serve at the moment ({code}); nothing was done.", outcomeUnknown: false, exception),
            _ => new SessionStoreException(operation, id, $"the server answered with the error {code}.", exception),
        };
    }

    private static SessionStoreException Translate(RedisConnectionException exception, string operation, SessionId? id)
    {
        if (ConnectionFaults.Refusal(exception) is { } refusal)
        {
            return new SessionStoreConfigurationException(operation, id, refusal, exception);
        }

        return IsOutcomeUnknown(exception)
            ? new SessionStoreUnavailableException(
                operation, id, $"the connection broke ({exception.FailureType}); whether it was carried out is unknown.", outcomeUnknown: true, exception)
            : new SessionStoreUnavailableException(
                operation, id, $"the server cannot be reached ({exception.FailureType}){ConnectionFaults.Remark(exception)}; nothing was done.", outcomeUnknown: false, exception);
    }
}
