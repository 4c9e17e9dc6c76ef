using System.Net;
using System.Net.Sockets;

namespace Shadowcat.Sessions.Redis;

/// <summary>The sockets of a tunnel, to be closed where another server is the primary.</summary>
internal sealed class TunnelSockets
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

    /// <summary>Closes sockets, as if the server had: the client library notices and connects again.</summary>
    /// <param name="kept">The server whose sockets stay open; null to close all.</param>
    public void CloseAllExcept(IPEndPoint? kept)
    {
        List<Socket> others;
        lock (_lock)
        {
            others = _sockets.FindAll(socket => kept is null || !LeadsTo(socket, kept));
            _sockets.RemoveAll(others.Contains);
        }

        others.ForEach(Close);
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

    private static void Close(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }
}
