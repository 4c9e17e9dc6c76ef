using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reads the error that a server sends to a new connection before it closes it: that it has too many clients, or accepts none from another machine.</summary>
/// <remarks>The client library takes the error for the answer to its first command, and then reports only that the connection broke.</remarks>
internal static class Greeting
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);

    private const int MaxBytes = 512;

    /// <returns>The error; null where the server waits for a command, or cannot be reached.</returns>
    public static async Task<RedisServerException?> ReadAsync(EndPoint server)
    {
        using var timeout = new CancellationTokenSource(Timeout, TimeProvider.System);
        using var socket = server is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        var error = new byte[MaxBytes];
        try
        {
            await socket.ConnectAsync(server, timeout.Token).ConfigureAwait(false);
            var length = await socket.ReceiveAsync(error, SocketFlags.None, timeout.Token).ConfigureAwait(false);
            return length > 0 && error[0] == '-' ? Error(Encoding.Latin1.GetString(error, 1, length - 1)) : null;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or NotSupportedException)
        {
            // The server sends nothing, as it should, or it cannot be reached.
            return null;
        }
    }

#pragma warning disable CS0618 // The other constructors take what only the client library knows.
    /// <summary>An error that a server sent, as the exception of the client library.</summary>
    public static RedisServerException Error(string line) => new(line.Split('\r', '\n')[0]);
#pragma warning restore CS0618
}
