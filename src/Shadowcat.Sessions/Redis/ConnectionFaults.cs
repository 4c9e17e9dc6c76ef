using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Says why there is no connection, as far as the exceptions inside of one another tell.</summary>
internal static class ConnectionFaults
{
    /// <summary>How the client library begins where the configuration of the connection has no such command.</summary>
    private const string InCommandMap = "This operation has been disabled in the command-map";

    /// <summary>Why a connection is refused until somebody changes the configuration; null where it is not, or nothing says so.</summary>
    public static string? Refusal(Exception? exception) =>
        Find<AuthenticationException>(exception) is { } handshake ? $"TLS: the certificate of the server was not accepted{Reason(handshake)}."
        : Inside(exception).Any(IsAlert) ? "TLS: the server refused the client; it may ask for a client certificate, or not trust the one it was shown."
        : Inside(exception).Select(RefusedInHandshake).FirstOrDefault(static said => said is not null) is { } said ? said
        : Inside(exception).Any(IsAuthenticationFailure) && Find<IOException>(exception) is null ? "the server refused the credentials."
        : null;

    /// <summary>Which command the configuration of the connection switches off, and that it has to be on; null where that is not what is wrong.</summary>
    public static string? Disabled(Exception? exception) =>
        Find<RedisCommandException>(exception)?.Message is { } message && message.StartsWith(InCommandMap, StringComparison.Ordinal)
            ? $"the configuration of the connection switches {message[(message.LastIndexOf(' ') + 1)..]} off (its command map, such as $COMMAND=), which the store needs."
            : null;

    /// <summary>What there is to say about a connection that cannot be made, beside that it cannot.</summary>
    public static string Remark(Exception? exception) =>
        Inside(exception).Any(static cause => cause is RedisServerException server && RedisError.Parse(server.Message).Code == RedisError.MaxClients)
            ? ": it has as many connections as maxclients allows"
        : Inside(exception).Any(IsAuthenticationFailure) ? ": it did not answer the TLS handshake; it may be busy, or not speak TLS on that port"
        : Inside(exception).Any(static cause => cause is SocketException { SocketErrorCode: SocketError.ConnectionReset }) ? ": it closes the connection; it may speak TLS only, or let nobody else in"
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
    private static string? RefusedInHandshake(Exception exception)
    {
        if (exception is RedisConnectionException && exception.Message.IndexOf("NOPERM ", StringComparison.Ordinal) is var at and >= 0)
        {
            var command = RedisError.Parse(exception.Message[at..]).Command ?? "a command";
            return $"the server does not permit the account {command} (NOPERM), which every connection begins with; grant it, or switch it off with $ECHO= in the configuration where it is ECHO.";
        }

        return Disabled(exception) ?? (exception is RedisServerException server ? RedisFaults.Refusal(RedisError.Parse(server.Message), "the server") : null);
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
