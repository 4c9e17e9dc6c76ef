using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Finds the reason why there is no connection, in an exception and its inner exceptions.</summary>
internal static class ConnectionFaults
{
    /// <summary>The beginning of the message where the configuration of the connection switches a command off.</summary>
    private const string InCommandMap = "This operation has been disabled in the command-map";

    /// <summary>Why a connection is refused until the configuration is changed; null where it is not, or the reason is not known.</summary>
    public static string? Refusal(Exception? exception, string server = "the server") =>
        Find<AuthenticationException>(exception) is { } handshake ? $"TLS: the certificate of {server} was not accepted{Reason(handshake)}."
        : Inside(exception).Any(IsAlert) ? $"TLS: {server} refused the client; it may ask for a client certificate, or not trust the one it was shown."
        : Inside(exception).Select(cause => RefusedInHandshake(cause, server)).FirstOrDefault(static said => said is not null) is { } said ? said
        : Inside(exception).Any(IsAuthenticationFailure) && Find<IOException>(exception) is null ? $"{server} refused the credentials; check user and password."
        : null;

    /// <summary>Whether a client is refused for its credentials.</summary>
    public static bool IsAboutCredentials(Exception? exception) =>
        Find<AuthenticationException>(exception) is null
        && Find<IOException>(exception) is null
        && Inside(exception).Any(static cause => IsAuthenticationFailure(cause)
            || (cause is RedisServerException error && RedisError.Parse(error.Message).Code is "NOAUTH" or "WRONGPASS"));

    /// <summary>Names the command that the configuration of the connection switches off; null where that is not the reason.</summary>
    public static string? Disabled(Exception? exception) =>
        Find<RedisCommandException>(exception)?.Message is { } message && message.StartsWith(InCommandMap, StringComparison.Ordinal)
            ? $"the configuration of the connection switches {message[(message.LastIndexOf(' ') + 1)..]} off (its command map, such as $COMMAND=), which the store needs."
            : null;

    /// <summary>What to check where a connection cannot be made.</summary>
    /// <param name="exception">What the client library reported.</param>
    /// <param name="connectTimeout">How long connecting may take, in ms; null where that is not known.</param>
    public static string Remark(Exception? exception, int? connectTimeout = null) =>
        Find<RefusedCredentials>(exception) is not null ? $": it refused the credentials, and {nameof(RedisSessionStoreOptions.ConfigureConnectionAsync)} is asked for new ones"
        : Inside(exception).Any(static cause => cause is RedisServerException server && RedisError.Parse(server.Message).Code == RedisError.MaxClients)
            ? ": it has as many connections as maxclients allows"
        : Inside(exception).Any(IsAuthenticationFailure) ? $": it did not answer the TLS handshake{Within(connectTimeout)}; it may be busy, or not speak TLS on that port"
        : Inside(exception).Any(static cause => cause is SocketException { SocketErrorCode: SocketError.ConnectionReset }) ? ": it closes the connection; it may accept TLS only, or no further connection"
        : Inside(exception).OfType<SocketException>().FirstOrDefault()?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => ": nothing listens there; check host and port, and whether the server runs",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => ": the host name cannot be resolved; check the name and the DNS",
            SocketError.NetworkUnreachable or SocketError.HostUnreachable => ": it cannot be routed to; check the address and the network",
            _ when connectTimeout is not null && Inside(exception).Any(static cause => cause is RedisConnectionException { FailureType: ConnectionFailureType.UnableToConnect }) =>
                $": there is no connection{Within(connectTimeout)}; check host and port, and firewalls on the way",
            _ => ": check whether it runs, and whether it can be reached from here",
        };

    private static string Within(int? connectTimeout) => connectTimeout is { } time
        ? $" within {time.ToString(CultureInfo.InvariantCulture)} ms (connectTimeout in {nameof(RedisSessionStoreOptions)}.{nameof(RedisSessionStoreOptions.Configuration)})"
        : "";

    /// <summary>True where the reason is known why there is no connection; an aborted try has none.</summary>
    public static bool SaysWhy(Exception? exception) =>
        Refusal(exception) is not null
        || Inside(exception).Any(static cause => IsAuthenticationFailure(cause) || cause is RedisServerException or SocketException { SocketErrorCode: not SocketError.OperationAborted });

    private static bool IsAuthenticationFailure(Exception exception) =>
        exception is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure };

    /// <summary>An alert of TLS. It comes after the handshake where the client's certificate is refused.</summary>
    /// <seealso href="https://www.rfc-editor.org/rfc/rfc8446#section-6"/>
    private static bool IsAlert(Exception exception) =>
        exception is not RedisException && exception.Message.Contains(" alert ", StringComparison.Ordinal);

    /// <summary>The error of a command that every connection begins with, or of the connection itself; null where it is none of these.</summary>
    private static string? RefusedInHandshake(Exception exception, string server)
    {
        if (exception is RedisConnectionException && exception.Message.IndexOf("NOPERM ", StringComparison.Ordinal) is var at and >= 0)
        {
            var command = RedisError.Parse(exception.Message[at..]).Command ?? "a command";
            return $"{server} does not permit the account to run {command} (NOPERM), which every connection begins with. Grant it; ECHO can be switched off with $ECHO= in the configuration instead.";
        }

        return Disabled(exception) ?? (exception is RedisServerException error ? RedisFaults.Refusal(RedisError.Parse(error.Message), server) : null);
    }

    /// <summary>The names of what is wrong with a certificate. The rest of the message may contain anything.</summary>
    private static string Reason(AuthenticationException exception)
    {
        var names = Enum.GetNames<X509ChainStatusFlags>().Append("RemoteCertificateNameMismatch").Append("RemoteCertificateNotAvailable")
            .Where(name => exception.Message.Contains(name, StringComparison.Ordinal))
            .ToList();
        return names.Count > 0 ? $" ({string.Join(", ", names)})" : " by the validation that the application set: the authority, the host name or the dates do not match";
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
