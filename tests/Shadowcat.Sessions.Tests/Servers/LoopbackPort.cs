using System.Net;
using System.Net.Sockets;

namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>Free ports, and whether a Redis listens on one.</summary>
internal static class LoopbackPort
{
    /// <summary>A port that was free a moment ago; another process may take it before its user does.</summary>
    public static int NextFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<bool> AnswersPingAsync(int port)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        using var client = new TcpClient();
        byte[] reply = new byte[64];

        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            await client.Client.SendAsync("PING\r\n"u8.ToArray(), patience.Token);
            int length = await client.Client.ReceiveAsync(reply, patience.Token);
            return length > 0 && !reply.AsSpan(0, length).StartsWith("-LOADING"u8);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
