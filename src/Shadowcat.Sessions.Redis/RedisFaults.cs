using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Says in the terms of the contract what the client library reported.</summary>
/// <remarks>Messages are made here of what is known to be harmless: those of the client library name end points, keys and settings.</remarks>
/// <seealso href="https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors"/>
internal static class RedisFaults
{
    /// <summary>True for what <see cref="Translate(Exception, string, SessionId?, TimeSpan, StoreAddress?)"/> translates; anything else is a bug or a cancellation and passes as it is.</summary>
    public static bool IsFault(Exception exception) =>
        exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException or AggregateException or FormatException;

    /// <param name="exception">What the client library reported.</param>
    /// <param name="operation">The operation that it happened to.</param>
    /// <param name="id">The session it was about, where there is one.</param>
    /// <param name="timeout">How long the operation may take.</param>
    /// <param name="address">Where it was sent; null where that is not to be said.</param>
    public static SessionStoreException Translate(Exception exception, string operation, SessionId? id, TimeSpan timeout, StoreAddress? address = null) => exception switch
    {
        RedisServerException server => Translate(server, operation, id, Name(address)),
        RedisConnectionException connection => Translate(connection, operation, id, address),
        TimeoutException => new SessionTimeoutException(operation, id, timeout, exception, address?.Place),
        ObjectDisposedException => new SessionStoreUnavailableException(
            operation, id, "the connection or the store has been disposed of.", outcomeUnknown: false, exception),
        RedisCommandException => new SessionStoreConfigurationException(
            operation, id, ConnectionFaults.Disabled(exception) ?? "the client library refused to send the command.", exception),
        SessionStoreConfigurationException => new SessionStoreConfigurationException(operation, id, exception.Message, exception),
        FormatException => new SessionStoreException(operation, id, $"{Name(address)} answered something else than this version of the library expects.", exception),
        _ => new SessionStoreException(operation, id, "the client library failed.", exception),
    };

    /// <summary>True for what may be over in a moment: no connection, or a server that says it does not serve just now.</summary>
    public static bool IsTransient(Exception? exception) => exception switch
    {
        RedisConnectionException => ConnectionFaults.Refusal(exception) is null,
        RedisServerException server => IsInMotion(exception) || Code(server) is "READONLY" or "NOREPLICAS" or "BUSY" or "NOSCRIPT" or RedisError.MaxClients,
        _ => false,
    };

    /// <summary>True where a server says that it is on the way to serving: a slot moves, a replica takes over, data is loaded. Nothing was done.</summary>
    public static bool IsInMotion(Exception? exception) => exception switch
    {
        RedisServerException server => Code(server) is "LOADING" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN" or RedisError.Moved or "ASK",

        // The application was asked for other credentials.
        RedisConnectionException { InnerException: RefusedCredentials } => true,

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

    /// <summary>
    /// True where the server that a connection leads to is not the primary, or not any more: it says so itself, or the client library has noticed and finds no other.
    /// </summary>
    public static bool IsNotPrimary(Exception exception) => exception switch
    {
        RedisServerException server => Code(server) is "READONLY" or "MASTERDOWN",
        RedisConnectionException connection => connection.FailureType == ConnectionFailureType.UnableToResolvePhysicalConnection,
        _ => false,
    };

    /// <summary>What kind of error it is.</summary>
    private static string Code(RedisServerException exception) => RedisError.Parse(exception.Message).Code;

    private static string Name(StoreAddress? address) => address?.Place is { } place ? $"the server {place}" : "the server";

    private static SessionStoreException Translate(RedisServerException exception, string operation, SessionId? id, string server)
    {
        var error = RedisError.Parse(exception.Message);
        return error.Code switch
        {
            "OOM" => new SessionLimitExceededException(
                operation, id, SessionLimitExceededException.ServerMemory, $"{server} is at its memory limit (maxmemory) and refuses to write; it needs more memory, or fewer sessions.", exception),
            "WRONGTYPE" => new SessionSerializationException(
                operation, id, "a key of the store holds a value of another type.", innerException: exception),
            "NOAUTH" or "WRONGPASS" or "DENIED" => new SessionStoreConfigurationException(operation, id, Refusal(error, server)!, exception),
            RedisError.NotPermitted or RedisError.UnknownCommand => new SessionStoreConfigurationException(operation, id, Refusal(error, server)!, exception),
            "READONLY" => new SessionStoreUnavailableException(
                operation,
                id,
                $"{server} is a read-only replica; nothing was written. The store looks for the primary by itself; over a connection that the application handed over it can only look at the servers that this one names.",
                outcomeUnknown: false,
                exception),
            "LOADING" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN" or "BUSY" or "MISCONF" or "NOREPLICAS" or RedisError.Moved or "ASK" or RedisError.MaxClients or "NOSCRIPT" =>
                new SessionStoreUnavailableException(
                    operation, id, $"{server} does not serve at the moment ({error.Code}: {Meaning(error.Code)}); nothing was done.", outcomeUnknown: false, exception),
            _ => new SessionStoreException(operation, id, $"{server} answered with the error {error.Code}.", exception),
        };
    }

    /// <summary>What a server that refuses says has to be changed; null where it is no such error.</summary>
    internal static string? Refusal(RedisError error, string server) => error.Code switch
    {
        "NOAUTH" or "WRONGPASS" => $"{server} refused the credentials ({error.Code}); look at user and password.",
        "DENIED" => $"{server} is in protected mode (DENIED): it lets in nobody from another machine until it has a password or an address to listen on.",
        RedisError.NotPermitted when error.IsAboutChannel =>
            $"{server} does not permit the account to publish changes (NOPERM): it needs the channel, or {nameof(RedisSessionStoreOptions)}.{nameof(RedisSessionStoreOptions.PublishChanges)} has to be off.",
        RedisError.NotPermitted when error.IsAboutKey => $"{server} does not permit the account the keys of the store (NOPERM): it needs those that begin with the {nameof(RedisSessionStoreOptions.KeyPrefix)}.",
        RedisError.NotPermitted => $"{server} does not permit the account {error.Command ?? "a command"} (NOPERM).",
        RedisError.UnknownCommand => $"{server} does not have {error.Command ?? "a command"}, or has it under another name.",
        _ => null,
    };

    private static string Meaning(string code) => code switch
    {
        "LOADING" => "it loads its data",
        "MASTERDOWN" => "it is a replica and lost its primary",
        "CLUSTERDOWN" => "slots of the cluster are not served",
        "TRYAGAIN" or RedisError.Moved or "ASK" => "a slot of the cluster is on its way",
        "BUSY" => "a script has run for too long; SCRIPT KILL ends one that has not written",
        "MISCONF" => "it cannot save to its disk and so refuses to write",
        "NOREPLICAS" => "it has fewer replicas than min-replicas-to-write",
        RedisError.MaxClients => "it has as many connections as maxclients allows",
        _ => "it forgot the scripts",
    };

    private static SessionStoreException Translate(RedisConnectionException exception, string operation, SessionId? id, StoreAddress? address)
    {
        var server = Name(address);
        if (ConnectionFaults.Refusal(exception, server) is { } refusal)
        {
            return new SessionStoreConfigurationException(operation, id, refusal, exception);
        }

        if (!IsOutcomeUnknown(exception))
        {
            return new SessionStoreUnavailableException(
                operation, id, $"{server} cannot be reached ({exception.FailureType}){ConnectionFaults.Remark(exception, address?.ConnectTimeout)}; nothing was done.", outcomeUnknown: false, exception);
        }

        return Operations.IsRead(operation)
            ? new SessionStoreUnavailableException(operation, id, $"the connection to {server} broke ({exception.FailureType}) before it answered.", outcomeUnknown: false, exception)
            : new SessionStoreUnavailableException(
                operation, id, $"the connection to {server} broke ({exception.FailureType}); whether it was carried out is unknown.", outcomeUnknown: true, exception);
    }
}
