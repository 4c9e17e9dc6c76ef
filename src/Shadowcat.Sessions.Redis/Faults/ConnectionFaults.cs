using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Says why there is no connection, as far as the exceptions inside of one another tell.</summary>
internal static class ConnectionFaults
{
    /// <summary>How the client library begins where the configuration of the connection has no such command.</summary>
    private const string InCommandMap = "This operation has been disabled in the command-map";

    /// <summary>Why a connection is refused until somebody changes the configuration; null where it is not, or nothing says so.</summary>
    public static string? Refusal(Exception? exception, string server = "the server") =>
        Find<AuthenticationException>(exception) is { } handshake ? $"TLS: the certificate of {server} was not accepted{Reason(handshake)}."
        : Inside(exception).Any(IsAlert) ? $"TLS: {server} refused the client; it may ask for a client certificate, or not trust the one it was shown."
        : Inside(exception).Select(cause => RefusedInHandshake(cause, server)).FirstOrDefault(static said => said is not null) is { } said ? said
        : Inside(exception).Any(IsAuthenticationFailure) && Find<IOException>(exception) is null ? $"{server} refused the credentials; look at user and password."
        : null;

    /// <summary>Whether it is for its credentials that a client is refused.</summary>
    public static bool IsAboutCredentials(Exception? exception) =>
        Find<AuthenticationException>(exception) is null
        && Find<IOException>(exception) is null
        && Inside(exception).Any(static cause => IsAuthenticationFailure(cause)
            || (cause is RedisServerException error && RedisError.Parse(error.Message).Code is "NOAUTH" or "WRONGPASS"));

    /// <summary>Which command the configuration of the connection switches off, and that it has to be on; null where that is not what is wrong.</summary>
    public static string? Disabled(Exception? exception) =>
        Find<RedisCommandException>(exception)?.Message is { } message && message.StartsWith(InCommandMap, StringComparison.Ordinal)
            ? $"the configuration of the connection switches {message[(message.LastIndexOf(' ') + 1)..]} off (its command map, such as $COMMAND=), which the store needs."
            : null;

    /// <summary>What there is to say about a connection that cannot be made, beside that it cannot.</summary>
    /// <param name="exception">What the client library reported.</param>
    /// <param name="connectTimeout">How long connecting may take, in ms; null where that is not the store's to know.</param>
    public static string Remark(Exception? exception, int? connectTimeout = null) =>
        Find<RefusedCredentials>(exception) is not null ? $": it refused the credentials, and {nameof(RedisSessionStoreOptions.ConfigureConnectionAsync)} is asked for others"
        : Inside(exception).Any(static cause => cause is RedisServerException server && RedisError.Parse(server.Message).Code == RedisError.MaxClients)
            ? ": it has as many connections as maxclients allows"
        : Inside(exception).Any(IsAuthenticationFailure) ? $": it did not answer the TLS handshake{Within(connectTimeout)}; it may be busy, or not speak TLS on that port"
        : Inside(exception).Any(static cause => cause is SocketException { SocketErrorCode: SocketError.ConnectionReset }) ? ": it closes the connection; it may speak TLS only, or let nobody else in"
        : Inside(exception).OfType<SocketException>().FirstOrDefault()?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => ": nobody listens there; look at host and port, and whether the server runs",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => ": the name of the host is not known; look at it, and at the DNS",
            SocketError.NetworkUnreachable or SocketError.HostUnreachable => ": there is no way to it; look at the address and the network",
            _ when connectTimeout is not null && Inside(exception).Any(static cause => cause is RedisConnectionException { FailureType: ConnectionFailureType.UnableToConnect }) =>
                $": there is no connection{Within(connectTimeout)}; look at host and port, and what is on the way to them",
            _ => ": look at whether it runs, and whether it can be reached from here",
        };

    private static string Within(int? connectTimeout) => connectTimeout is { } time
        ? $" within {time.ToString(CultureInfo.InvariantCulture)} ms, which connectTimeout in {nameof(RedisSessionStoreOptions)}.{nameof(RedisSessionStoreOptions.Configuration)} may say otherwise"
        : "";

    /// <summary>True where it is known why there is no connection; an aborted try says nothing.</summary>
    public static bool SaysWhy(Exception? exception) =>
        Refusal(exception) is not null
        || Inside(exception).Any(static cause => IsAuthenticationFailure(cause) || cause is RedisServerException or SocketException { SocketErrorCode: not SocketError.OperationAborted });

    private static bool IsAuthenticationFailure(Exception exception) =>
        exception is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure };

    /// <summary>An alert of TLS, which comes after the handshake where the client's certificate is the matter.</summary>
    /// <seealso href="https://www.rfc-editor.org/rfc/rfc8446#section-6"/>
    private static bool IsAlert(Exception exception) =>
        exception is not RedisException && exception.Message.Contains(" alert ", StringComparison.Ordinal);

    /// <summary>What a server said of a command that every connection begins with, or in place of any answer; null where it is nothing of the kind.</summary>
    private static string? RefusedInHandshake(Exception exception, string server)
    {
        if (exception is RedisConnectionException && exception.Message.IndexOf("NOPERM ", StringComparison.Ordinal) is var at and >= 0)
        {
            var command = RedisError.Parse(exception.Message[at..]).Command ?? "a command";
            return $"{server} does not permit the account {command} (NOPERM), which every connection begins with; grant it, or switch it off with $ECHO= in the configuration where it is ECHO.";
        }

        return Disabled(exception) ?? (exception is RedisServerException error ? RedisFaults.Refusal(RedisError.Parse(error.Message), server) : null);
    }

    /// <summary>The names of what is wrong with a certificate. Nothing else of the message: it is not ours.</summary>
    private static string Reason(AuthenticationException exception)
    {
        var names = Enum.GetNames<X509ChainStatusFlags>().Append("RemoteCertificateNameMismatch").Append("RemoteCertificateNotAvailable")
            .Where(name => exception.Message.Contains(name, StringComparison.Ordinal))
            .ToList();
        return names.Count > 0 ? $" ({string.Join(", ", names)})" : " by the validation that the application set: another authority, another host name, or not its time";
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception => Inside(exception).OfType<T>().FirstOrDefault();

    /// <summary>The exception, what is inside of it, and so on.</summary>
    private static IEnumerable<Exception> Inside(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }
}
