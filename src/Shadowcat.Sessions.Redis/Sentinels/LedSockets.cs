using System.Net;
using System.Net.Sockets;

namespace Shadowcat.Sessions.Redis;

/// <summary>The sockets that were led to the primary, to be broken where it is another one.</summary>
internal sealed class LedSockets
{
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];

    public void Add(Socket socket)
    {
        lock (_lock)
        {
            _sockets.RemoveAll(static socket => !socket.Connected);
            _sockets.Add(socket);
        }
    }

    /// <summary>Breaks the sockets that lead elsewhere: their owner hears of it as if the server had.</summary>
    /// <param name="kept">Where the others lead to; null to break all.</param>
    public void BreakAllBut(IPEndPoint? kept)
    {
        List<Socket> elsewhere;
        lock (_lock)
        {
            elsewhere = _sockets.FindAll(socket => kept is null || !LeadsTo(socket, kept));
            _sockets.RemoveAll(elsewhere.Contains);
        }

        elsewhere.ForEach(Break);
    }

    private static bool LeadsTo(Socket socket, IPEndPoint server)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint remote
                && remote.Port == server.Port
                && remote.Address.MapToIPv6().Equals(server.Address.MapToIPv6());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static void Break(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is broken already.
        }
    }
}
