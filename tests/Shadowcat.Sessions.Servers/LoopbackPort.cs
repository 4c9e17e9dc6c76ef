using System.Net;
using System.Net.Sockets;

namespace Shadowcat.Sessions.Servers;

/// <summary>Free ports, and whether a Redis listens on one.</summary>
public static class LoopbackPort
{
    /// <summary>How far above its port a node of a cluster talks to the others.</summary>
    public const int BusOffset = 10_000;

    // Below the ports that systems give to clients, with space for the bus: a client that tries again while the server is down may get the
    // server's own port otherwise, and then talks to itself.
    private const int Lowest = 10_240;
    private const int Highest = 32_768 - BusOffset;

    /// <summary>A port that was free a moment ago, together with its bus port; another process may take it before its user does.</summary>
    public static int NextFree()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, Highest);
            if (IsFree(port) && IsFree(port + BusOffset))
            {
                return port;
            }
        }
    }

    /// <summary>Whether a Redis answers; "wrong password" is an answer, "still loading" is not.</summary>
    /// <param name="port">The port.</param>
    /// <param name="tls">What it speaks TLS by; null where it does not.</param>
    public static async Task<bool> AnswersPingAsync(int port, ServerTls? tls = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        using var client = new TcpClient();
        var reply = new byte[64];

        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            await using Stream stream = tls is not null ? await tls.ConnectAsync(client.GetStream(), patience.Token) : client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), patience.Token);
            var length = await stream.ReadAsync(reply, patience.Token);
            return length > 0 && !reply.AsSpan(0, length).StartsWith("-LOADING"u8);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
