using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Finds out what a server says to who connects before it hangs up: that it has too many clients, or lets in nobody from elsewhere.</summary>
/// <remarks>The client library takes it for the answer to what it sent first, and then says no more than that the connection broke.</remarks>
internal static class Greeting
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private const int MaxBytes = 512;

    /// <returns>The error; null where the server waits to be asked something, or is not there.</returns>
    public static async Task<RedisServerException?> ReadAsync(EndPoint server)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var socket = server is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        var said = new byte[MaxBytes];
        try
        {
            await socket.ConnectAsync(server, patience.Token).ConfigureAwait(false);
            var length = await socket.ReceiveAsync(said, SocketFlags.None, patience.Token).ConfigureAwait(false);
            return length > 0 && said[0] == '-' ? Error(Encoding.Latin1.GetString(said, 1, length - 1)) : null;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or NotSupportedException)
        {
            // Nothing is said, which is as it should be, or there is nobody.
            return null;
        }
    }

#pragma warning disable CS0618 // The other constructors take what only the client library knows.
    /// <summary>An error that a server said, as the client library would have it.</summary>
    public static RedisServerException Error(string line) => new(line.Split('\r', '\n')[0]);
#pragma warning restore CS0618
}
