using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Translates what the client library reports into exceptions of the contract.</summary>
/// <remarks>Messages are made here of known parts: those of the client library contain end points, keys and settings.</remarks>
/// <seealso href="https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors"/>
internal static class RedisFaults
{
    /// <summary>True for what <see cref="Translate(Exception, string, SessionId?, TimeSpan, StoreAddress?, int?)"/> translates; anything else is a bug or a cancellation and passes unchanged.</summary>
    public static bool IsFault(Exception exception) =>
        exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException or AggregateException or FormatException;

    /// <param name="exception">What the client library reported.</param>
    /// <param name="operation">The operation that failed.</param>
    /// <param name="id">The session it was about, where there is one.</param>
    /// <param name="timeout">How long the operation may take.</param>
    /// <param name="address">Where it was sent; null where the message must not name it.</param>
    /// <param name="connectTimeout">How long connecting may take, in ms; null where it is the application that connects.</param>
    public static SessionStoreException Translate(Exception exception, string operation, SessionId? id, TimeSpan timeout, StoreAddress? address = null, int? connectTimeout = null) => exception switch
    {
        RedisServerException server => Translate(server, operation, id, Name(address)),
        RedisConnectionException connection => Translate(connection, operation, id, address, connectTimeout),
        TimeoutException => new SessionTimeoutException(operation, id, timeout, exception, address?.EndPoint),
        ObjectDisposedException => new SessionStoreUnavailableException(
            operation, id, "the connection or the store has been disposed of.", outcomeUnknown: false, exception),
        RedisCommandException => new SessionStoreConfigurationException(
            operation, id, ConnectionFaults.Disabled(exception) ?? "the client library refused to send the command.", exception),
        SessionStoreConfigurationException => new SessionStoreConfigurationException(operation, id, exception.Message, exception),
        UnseenSessionException => new SessionStoreUnavailableException(
            operation, id, "the session may have ended while frames were on their way; whether they were stored is unknown.", outcomeUnknown: true, exception),
        FormatException => new SessionStoreException(operation, id, $"{Name(address)} answered something else than this version of the library expects.", exception),
        _ => new SessionStoreException(operation, id, "the client library failed.", exception),
    };

    /// <summary>True for what may end in a moment: no connection, or a server that reports that it does not serve now.</summary>
    public static bool IsTransient(Exception? exception) => exception switch
    {
        RedisConnectionException => ConnectionFaults.Refusal(exception) is null,
        RedisServerException server => IsInMotion(exception) || Code(server) is "READONLY" or "NOREPLICAS" or "BUSY" or "NOSCRIPT" or RedisError.MaxClients,
        _ => false,
    };

    /// <summary>True where a server reports that it will serve soon: a slot moves, a replica takes over, data is loaded. Nothing was done.</summary>
    public static bool IsInMotion(Exception? exception) => exception switch
    {
        RedisServerException server => Code(server) is "LOADING" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN" or RedisError.Moved or "ASK",

        // The application was asked for new credentials.
        RedisConnectionException { InnerException: RefusedCredentials } => true,

        // The client library answers so to an ASK that it must not, or could not, follow.
        RedisConnectionException { FailureType: ConnectionFailureType.UnableToConnect } connection =>
            connection.Message.Contains("is not reachable at this point of time", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>
    /// True where no caller is served: the server cannot be reached, does not answer, or reports that it serves nothing. The same holds where every try was answered MOVED and
    /// was not followed: the server that the others name cannot be reached.
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
    /// True where the server of a connection is not, or no longer, the primary: it reports that itself, or the client library has noticed and finds no other.
    /// </summary>
    public static bool IsNotPrimary(Exception exception) => exception switch
    {
        RedisServerException server => Code(server) is "READONLY" or "MASTERDOWN",
        RedisConnectionException connection => connection.FailureType == ConnectionFailureType.UnableToResolvePhysicalConnection,
        _ => false,
    };

    /// <summary>What kind of error it is.</summary>
    private static string Code(RedisServerException exception) => RedisError.Parse(exception.Message).Code;

    private static string Name(StoreAddress? address) => address?.EndPoint is { } place ? $"the server {place}" : "the server";

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
                $"{server} is a read-only replica; nothing was done. The store looks for the primary. With a connection of the application it can only look at the servers that the connection knows: check its end points.",
                outcomeUnknown: false,
                exception),
            "LOADING" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN" or "BUSY" or "MISCONF" or "NOREPLICAS" or RedisError.Moved or "ASK" or RedisError.MaxClients or "NOSCRIPT" =>
                new SessionStoreUnavailableException(
                    operation, id, $"{server} does not serve now ({error.Code}: {Meaning(error.Code)}); nothing was done.", outcomeUnknown: false, exception),
            _ => new SessionStoreException(operation, id, $"{server} answered with the error {error.Code}.", exception),
        };
    }

    /// <summary>What has to be changed where a server refuses; null where it is no such error.</summary>
    internal static string? Refusal(RedisError error, string server) => error.Code switch
    {
        "NOAUTH" or "WRONGPASS" => $"{server} refused the credentials ({error.Code}); check user and password.",
        "DENIED" => $"{server} is in protected mode (DENIED): it accepts no connection from another machine until it has a password or an address to listen on.",
        RedisError.NotPermitted when error.IsAboutChannel =>
            $"{server} does not permit the account to publish changes (NOPERM): it needs the channel, or {nameof(RedisSessionStoreOptions)}.{nameof(RedisSessionStoreOptions.PublishChanges)} has to be off.",
        RedisError.NotPermitted when error.IsAboutKey => $"{server} does not permit the account to use the keys of the store (NOPERM): it needs those that begin with the {nameof(RedisSessionStoreOptions.KeyPrefix)}.",
        RedisError.NotPermitted => $"{server} does not permit the account to run {error.Command ?? "a command"} (NOPERM).",
        RedisError.UnknownCommand => $"{server} does not have the command {error.Command ?? "that the store sent"}, or has it under another name.",
        _ => null,
    };

    private static string Meaning(string code) => code switch
    {
        "LOADING" => "it loads its data",
        "MASTERDOWN" => "it is a replica and lost its primary",
        "CLUSTERDOWN" => "slots of the cluster are not served",
        "TRYAGAIN" or RedisError.Moved or "ASK" => "a slot of the cluster is moving",
        "BUSY" => "a script has run for too long; SCRIPT KILL ends one that has not written",
        "MISCONF" => "it cannot save to its disk, and refuses to write",
        "NOREPLICAS" => "it has fewer replicas than min-replicas-to-write",
        RedisError.MaxClients => "it has as many connections as maxclients allows",
        _ => "it has lost the scripts",
    };

    private static SessionStoreException Translate(RedisConnectionException exception, string operation, SessionId? id, StoreAddress? address, int? connectTimeout)
    {
        var server = Name(address);
        if (ConnectionFaults.Refusal(exception, server) is { } refusal)
        {
            return new SessionStoreConfigurationException(operation, id, refusal, exception);
        }

        if (!IsOutcomeUnknown(exception))
        {
            return new SessionStoreUnavailableException(
                operation, id, $"{server} cannot be reached ({exception.FailureType}){ConnectionFaults.Remark(exception, connectTimeout)}; nothing was done.", outcomeUnknown: false, exception);
        }

        return Operations.IsRead(operation)
            ? new SessionStoreUnavailableException(operation, id, $"the connection to {server} broke ({exception.FailureType}) before it answered.", outcomeUnknown: false, exception)
            : new SessionStoreUnavailableException(
                operation, id, $"the connection to {server} broke ({exception.FailureType}); whether it was carried out is unknown.", outcomeUnknown: true, exception);
    }
}
