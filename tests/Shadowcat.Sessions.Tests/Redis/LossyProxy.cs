using System.Net;
using System.Net.Sockets;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Stands in front of a server and, when told to, lets a request through and breaks the connection instead of passing the reply on.</summary>
internal sealed class LossyProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _host;
    private readonly int _port;
    private int _lose;
    private int _lost;

    /// <param name="server">The server as host:port.</param>
    public LossyProxy(string server)
    {
        _host = server[..server.LastIndexOf(':')];
        _port = int.Parse(server[(server.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Configuration => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How many replies were lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Loses the reply to the next script, with the connection.</summary>
    public void LoseNextReply() => Volatile.Write(ref _lose, 1);

    public void Dispose() => _listener.Dispose();

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
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(_host, _port);
            var asked = new StrongBox();
            await Task.WhenAny(
                PumpAsync(client.GetStream(), server.GetStream(), chunk => NoteScript(asked, chunk)),
                PumpAsync(server.GetStream(), client.GetStream(), _ => !asked.IsToBeLost));
            if (asked.IsToBeLost)
            {
                Interlocked.Increment(ref _lost);
            }
        }
    }

    /// <summary>From the first script (EVAL or EVALSHA) after the order on, whatever the server answers on this connection is lost.</summary>
    private bool NoteScript(StrongBox asked, ReadOnlySpan<byte> chunk)
    {
        if (chunk.IndexOf("EVAL"u8) >= 0 && Interlocked.Exchange(ref _lose, 0) == 1)
        {
            asked.IsToBeLost = true;
        }

        return true;
    }

    private static async Task PumpAsync(NetworkStream from, NetworkStream to, ChunkSeen isPassed)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var length && isPassed(buffer.AsSpan(0, length)))
            {
                await to.WriteAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // One end broke; the other is closed with it.
        }
    }

    private delegate bool ChunkSeen(ReadOnlySpan<byte> chunk);

    private sealed class StrongBox
    {
        public volatile bool IsToBeLost;
    }
}
