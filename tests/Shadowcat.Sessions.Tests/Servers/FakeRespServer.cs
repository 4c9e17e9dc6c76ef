using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>Speaks enough RESP for a client's handshake and claims to be an old Redis, which no package offers any more.</summary>
public sealed class FakeRespServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _version;
    private readonly Task _accepting;

    private FakeRespServer(string version)
    {
        _version = version;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What to give StackExchange.Redis.</summary>
    public string Configuration => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <param name="version">The <c>redis_version</c> to claim.</param>
    public static FakeRespServer Start(string version = "5.0.14") => new(version);

    public async ValueTask DisposeAsync()
    {
        // The listener goes last: one that has stopped does not say that it was cancelled.
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();

        try
        {
            while (true)
            {
                conversations.Add(ConverseAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task ConverseAsync(TcpClient client)
    {
        using TcpClient owned = client;
        await using NetworkStream stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);

        try
        {
            while (await ReadCommandAsync(reader) is { } command)
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(Answer(command)), _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client hung up, or the test is over.
        }
    }

    private async Task<string[]?> ReadCommandAsync(StreamReader reader)
    {
        if (await reader.ReadLineAsync(_stopping.Token) is not ['*', .. var count])
        {
            return null;
        }

        string[] words = new string[int.Parse(count)];

        for (int index = 0; index < words.Length; index++)
        {
            string header = await reader.ReadLineAsync(_stopping.Token) ?? throw new EndOfStreamException();
            char[] word = new char[int.Parse(header.AsSpan(1)) + 2];
            await reader.ReadBlockAsync(word, _stopping.Token);
            words[index] = new string(word, 0, word.Length - 2);
        }

        return words;
    }

    private string Answer(string[] command) => command[0].ToUpperInvariant() switch
    {
        "INFO" => Bulk($"# Server\r\nredis_version:{_version}\r\nredis_mode:standalone\r\n# Replication\r\nrole:master\r\n"),
        "ECHO" => Bulk(command[1]),
        "PING" => "+PONG\r\n",
        "CLIENT" or "SELECT" => "+OK\r\n",
        "GET" => "$-1\r\n",
        "CONFIG" => "*0\r\n",
        "SUBSCRIBE" => $"*3\r\n{Bulk("subscribe")}{Bulk(command[1])}:1\r\n",
        var unknown => $"-ERR unknown command `{unknown}`, with args beginning with: \r\n",
    };

    private static string Bulk(string text) => $"${text.Length}\r\n{text}\r\n";
}
