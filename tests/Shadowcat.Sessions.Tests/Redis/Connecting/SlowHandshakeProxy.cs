using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Stands in front of a server and holds back the first bytes that it says on each connection for a while.</summary>
internal sealed class SlowHandshakeProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _server;
    private readonly TimeSpan _delay;

    /// <param name="server">The server as host:port.</param>
    /// <param name="delay">For how long.</param>
    public SlowHandshakeProxy(string server, TimeSpan delay)
    {
        (_server, _delay) = (server, delay);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Configuration => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            _ = PassAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var accepted = client;
        using var server = new TcpClient();
        await server.ConnectAsync(_server.Split(':')[0], int.Parse(_server.Split(':')[1], CultureInfo.InvariantCulture), _stopping.Token);
        var (asking, answering) = (client.GetStream(), server.GetStream());
        await Task.WhenAny(asking.CopyToAsync(answering, _stopping.Token), AnswerAsync(answering, asking));
    }

    private async Task AnswerAsync(NetworkStream from, NetworkStream to)
    {
        var first = new byte[4096];
        var length = await from.ReadAsync(first, _stopping.Token);
        await Task.Delay(_delay, _stopping.Token);
        await to.WriteAsync(first.AsMemory(0, length), _stopping.Token);
        await from.CopyToAsync(to, _stopping.Token);
    }
}
