using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>A server on loopback that answers with exactly the bytes that a test names, right or wrong, one request a connection.</summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Func<string, NetworkStream, CancellationToken, Task> _answer;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _serving;

    private RawUpstream(Func<string, NetworkStream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/mcp");

    /// <summary>The requests that came, head and body.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public static RawUpstream Start(Func<string, NetworkStream, CancellationToken, Task> answer) => new(answer);

    /// <summary>Answers each request the same, and closes the connection behind it.</summary>
    public static RawUpstream Start(string answer) => Start((_, stream, stop) => stream.WriteAsync(Encoding.UTF8.GetBytes(answer), stop).AsTask());

    public async ValueTask DisposeAsync()
    {
        // The listener goes last: one that has stopped does not say that it was cancelled.
        await _ending.CancelAsync();
        await _serving;
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> connections = [];

        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                string request = await ReadAsync(stream);

                if (request.Length > 0)
                {
                    _requests.Enqueue(request);
                    await _answer(request, stream, _ending.Token);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                // The test is over, or its client has gone.
            }
        }
    }

    private async Task<string> ReadAsync(NetworkStream stream)
    {
        var request = new StringBuilder();
        byte[] buffer = new byte[16 * 1024];

        while (!IsWhole(request.ToString()) && await stream.ReadAsync(buffer, _ending.Token) is > 0 and int length)
        {
            request.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }

        return request.ToString();
    }

    private static bool IsWhole(string request)
    {
        const string Name = "Content-Length: ";
        int end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);

        if (end < 0)
        {
            return false;
        }

        int length = request.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        int wanted = length < 0 || length > end ? 0 : int.Parse(request[(length + Name.Length)..request.IndexOf('\r', length)], System.Globalization.CultureInfo.InvariantCulture);
        return request.Length >= end + 4 + wanted;
    }
}
