using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Says why there is no connection, as far as the exceptions inside of one another tell.</summary>
internal static class ConnectionFaults
{
    /// <summary>Why a connection is refused until somebody changes the configuration; null where it is not, or nothing says so.</summary>
    public static string? Refusal(Exception? exception) =>
        Find<AuthenticationException>(exception) is { } handshake ? $"TLS: the certificate of the server was not accepted{Reason(handshake)}."
        : Inside(exception).Any(IsAlert) ? "TLS: the server refused the client; it may ask for a client certificate, or not trust the one it was shown."
        : Inside(exception).Any(IsNotPermitted) ? "the server does not permit the account a command that every connection needs (NOPERM)."
        : Inside(exception).Any(IsAuthenticationFailure) && Find<IOException>(exception) is null ? "the server refused the credentials."
        : null;

    /// <summary>What there is to say about a connection that cannot be made, beside that it cannot.</summary>
    public static string Remark(Exception? exception) =>
        Inside(exception).Any(IsAuthenticationFailure) ? ": it did not answer the TLS handshake; it may be busy, or not speak TLS on that port"
        : Inside(exception).Any(static cause => cause is SocketException { SocketErrorCode: SocketError.ConnectionReset }) ? ": it closes the connection; it may speak TLS only, or let nobody else in"
        : "";

    /// <summary>True where it is known why there is no connection; an aborted try says nothing.</summary>
    public static bool SaysWhy(Exception? exception) =>
        Refusal(exception) is not null
        || Inside(exception).Any(static cause => IsAuthenticationFailure(cause) || cause is SocketException { SocketErrorCode: not SocketError.OperationAborted });

    private static bool IsAuthenticationFailure(Exception exception) =>
        exception is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure };

    /// <summary>An alert of TLS, which comes after the handshake where the client's certificate is the matter.</summary>
    /// <seealso href="https://www.rfc-editor.org/rfc/rfc8446#section-6"/>
    private static bool IsAlert(Exception exception) =>
        exception is not RedisException && exception.Message.Contains(" alert ", StringComparison.Ordinal);

    private static bool IsNotPermitted(Exception exception) =>
        exception is RedisConnectionException && exception.Message.Contains("NOPERM ", StringComparison.Ordinal);

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
