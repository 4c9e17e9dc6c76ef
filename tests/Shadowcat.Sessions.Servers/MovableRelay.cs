using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Shadowcat.Sessions.Servers;

/// <summary>An address that leads to one server now and to another one later; connections that were made before stay where they are.</summary>
public sealed class MovableRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _lock = new();
    private readonly HashSet<TcpClient> _clients = [];
    private string _target;

    /// <param name="target">The first server, as host:port.</param>
    public MovableRelay(string target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Configuration => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Leads whoever connects from now on to another server.</summary>
    public void Move(string target)
    {
        lock (_lock)
        {
            _target = target;
        }
    }

    /// <summary>Closes every connection.</summary>
    public void Cut()
    {
        TcpClient[] clients;
        lock (_lock)
        {
            clients = [.. _clients];
        }

        Array.ForEach(clients, client => client.Close());
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
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
            // It was disposed of.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            string target;
            lock (_lock)
            {
                _clients.Add(client);
                target = _target;
            }

            try
            {
                (client.NoDelay, server.NoDelay) = (true, true);
                await server.ConnectAsync(target[..target.LastIndexOf(':')], int.Parse(target[(target.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture));
                await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // One end is not there, or has gone: the connection ends.
            }
            finally
            {
                lock (_lock)
                {
                    _clients.Remove(client);
                }
            }
        }
    }
}
