using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Stands in front of a server, notes which commands are asked for, and holds the replies back while the test says so.</summary>
internal sealed class HoldingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly StringBuilder _asked = new();
    private readonly string _host;
    private readonly int _port;
    private TaskCompletionSource _open = new();
    private (string Command, int Count)? _holdAt;
    private byte[]? _holdBefore;
    private int _passing;
    private TaskCompletionSource? _heldBefore;

    /// <param name="server">The server as host:port.</param>
    public HoldingProxy(string server)
    {
        _host = server[..server.LastIndexOf(':')];
        _port = int.Parse(server[(server.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        _open.SetResult();
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Configuration => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>From now on no reply is passed on.</summary>
    public void Hold() => Volatile.Write(ref _open, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>No reply is passed on from when a command was asked for that often.</summary>
    public void HoldAt(string command, int count) => _holdAt = (command, count);

    /// <summary>The next request of this command, or a later one, and what follows it, is not passed on: what was asked for before is answered first.</summary>
    /// <param name="command">The command.</param>
    /// <param name="passing">How many requests of it are passed on before.</param>
    public void HoldBefore(string command, int passing = 0)
    {
        _passing = passing;
        _holdBefore = Encoding.Latin1.GetBytes($"${command.Length}\r\n{command}\r\n");
    }

    /// <summary>Whether a request is held back.</summary>
    public bool IsHoldingBefore => Volatile.Read(ref _heldBefore) is not null;

    /// <summary>Passes on what was held back, and what comes.</summary>
    public void Release()
    {
        Volatile.Read(ref _open).TrySetResult();
        Interlocked.Exchange(ref _heldBefore, null)?.TrySetResult();
    }

    /// <summary>How often a command was asked for.</summary>
    public int Asked(string command)
    {
        lock (_asked)
        {
            return _asked.ToString().Split($"${command.Length}\r\n{command}\r\n").Length - 1;
        }
    }

    /// <summary>Forgets what was asked for.</summary>
    public void Forget()
    {
        lock (_asked)
        {
            _asked.Clear();
        }
    }

    /// <summary>Breaks all connections.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Dispose();
        Release();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
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
            await Task.WhenAny(PumpAsync(client.GetStream(), server.GetStream(), Note), PumpAsync(server.GetStream(), client.GetStream(), _ => Volatile.Read(ref _open).Task));
        }
    }

    private Task Note(ReadOnlyMemory<byte> chunk)
    {
        lock (_asked)
        {
            _asked.Append(Encoding.Latin1.GetString(chunk.Span));
        }

        if (_holdAt is { } at && Asked(at.Command) >= at.Count)
        {
            _holdAt = null;
            Hold();
        }

        return Task.CompletedTask;
    }

    /// <summary>Finds the request that is to be held; below 0 where all that there are pass.</summary>
    private int FindHeld(ReadOnlySpan<byte> chunk, byte[] command)
    {
        var at = chunk.IndexOf(command);
        while (at >= 0 && _passing > 0)
        {
            _passing--;
            var next = chunk[(at + command.Length)..].IndexOf(command);
            at = next < 0 ? next : at + command.Length + next;
        }

        return at;
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, Task> seen)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _stopping.Token) is > 0 and var length)
            {
                await seen(buffer.AsMemory(0, length));
                var passed = 0;
                if (_holdBefore is { } command && FindHeld(buffer.AsSpan(0, length), command) is var at and >= 0)
                {
                    // The request begins with how many words it has.
                    _holdBefore = null;
                    passed = buffer.AsSpan(0, at).LastIndexOf((byte)'*');
                    await to.WriteAsync(buffer.AsMemory(0, passed), _stopping.Token);
                    var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    Volatile.Write(ref _heldBefore, held);
                    await held.Task;
                }

                await to.WriteAsync(buffer.AsMemory(passed, length - passed), _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // One end broke; the other is closed with it.
        }
    }
}
