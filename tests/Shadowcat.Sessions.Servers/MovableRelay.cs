using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Shadowcat.Sessions.Servers;

/// <summary>One address in front of several servers, as managed services have it: it can be moved to another server, and connections that are there stay where they lead.</summary>
public sealed class MovableRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _lock = new();
    private readonly List<TcpClient> _clients = [];
    private int _port;
    private int _accepted;

    /// <param name="server">The server that it leads to at first, as host:port on loopback.</param>
    public MovableRelay(string server)
    {
        MoveTo(server);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How many connections were made.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>From now on, who connects gets to another server.</summary>
    /// <param name="server">The server as host:port on loopback.</param>
    public void MoveTo(string server) => Volatile.Write(ref _port, int.Parse(server[(server.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>Breaks the connections that there are, as a server does that goes.</summary>
    public void CutAll()
    {
        TcpClient[] clients;
        lock (_lock)
        {
            clients = [.. _clients];
            _clients.Clear();
        }

        Array.ForEach(clients, static client => client.Close());
    }

    public void Dispose()
    {
        _listener.Dispose();
        CutAll();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        Interlocked.Increment(ref _accepted);
        lock (_lock)
        {
            _clients.Add(client);
        }

        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                (client.NoDelay, server.NoDelay) = (true, true);
                await server.ConnectAsync(IPAddress.Loopback, Volatile.Read(ref _port));
                await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
            }
            catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // One end is gone: the connection ends.
            }
        }
    }
}
