using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Shadowcat.Sessions.Servers;

/// <summary>Stands in front of a server as a network that may be slow, torn or deaf, or that loses the reply to a request which arrived.</summary>
public sealed class LossyProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _lock = new();
    private readonly HashSet<TcpClient> _clients = [];
    private readonly string _host;
    private readonly int _port;
    private TaskCompletionSource _flowing = new();
    private int _lose;
    private int _lost;
    private bool _cut;
    private bool _thenCut;

    /// <param name="server">The server as host:port.</param>
    public LossyProxy(string server)
    {
        _host = server[..server.LastIndexOf(':')];
        _port = int.Parse(server[(server.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
        _flowing.SetResult();
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Configuration => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How many replies were lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>How much longer than without the proxy each way takes, for up to 64 KiB at a time.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Of how many scripts and pushes the reply is lost, with the connection: 0 for none, 1 for all.</summary>
    public double LossRate { get; set; }

    /// <summary>Loses the reply to the next script or push, with the connection.</summary>
    /// <param name="thenCut">Whether nobody gets through afterwards, until <see cref="Mend"/>.</param>
    public void LoseNextReply(bool thenCut = false)
    {
        _thenCut = thenCut;
        Volatile.Write(ref _lose, 1);
    }

    /// <summary>Breaks every connection and refuses new ones, until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        TcpClient[] clients;
        lock (_lock)
        {
            _cut = true;
            clients = [.. _clients];
        }

        Array.ForEach(clients, Reset);
    }

    /// <summary>Carries nothing any more, either way, and breaks nothing either, until <see cref="Mend"/>.</summary>
    public void Stall()
    {
        lock (_lock)
        {
            if (_flowing.Task.IsCompleted)
            {
                _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Carries what was held back, and lets in who comes.</summary>
    public void Mend()
    {
        lock (_lock)
        {
            _cut = false;
            _flowing.TrySetResult();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
        Mend();
    }

    /// <summary>Closes with RST: whatever is still on its way is gone.</summary>
    private static void Reset(TcpClient client)
    {
        try
        {
            client.LingerState = new LingerOption(true, 0);
            client.Close();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was closed already.
        }
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
        using (client)
        using (var server = new TcpClient())
        {
            lock (_lock)
            {
                if (_cut)
                {
                    Reset(client);
                    return;
                }

                _clients.Add(client);
            }

            try
            {
                (client.NoDelay, server.NoDelay) = (true, true);
                await server.ConnectAsync(_host, _port);
                var asked = new StrongBox();
                await Task.WhenAny(
                    PumpAsync(client.GetStream(), server.GetStream(), chunk => NoteWrite(asked, chunk)),
                    PumpAsync(server.GetStream(), client.GetStream(), _ => !asked.IsToBeLost));
                if (asked.IsToBeLost)
                {
                    Interlocked.Increment(ref _lost);
                    if (_thenCut)
                    {
                        Cut();
                    }
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The server is not there, or the client has gone: the connection that was asked for ends.
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

    /// <summary>From the first script (EVAL or EVALSHA) or push (RPUSHX) after the order on, whatever the server answers on this connection is lost.</summary>
    private bool NoteWrite(StrongBox asked, ReadOnlySpan<byte> chunk)
    {
        if ((chunk.IndexOf("EVAL"u8) >= 0 || chunk.IndexOf("RPUSHX"u8) >= 0)
            && (Interlocked.Exchange(ref _lose, 0) == 1 || Random.Shared.NextDouble() < LossRate))
        {
            asked.IsToBeLost = true;
        }

        return true;
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, ChunkSeen isPassed)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var length && isPassed(buffer.AsSpan(0, length)))
            {
                if (Latency is { Ticks: > 0 } latency)
                {
                    await Task.Delay(latency);
                }

                await Volatile.Read(ref _flowing).Task;
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
