using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shadowcat.Sessions.Servers;

/// <summary>A connection to a server on loopback that sends one command at a time and nothing by itself.</summary>
/// <remarks><c>redis-cli</c> before 7.0 does not say by its exit code that the server refused a command.</remarks>
/// <seealso href="https://redis.io/docs/latest/develop/reference/protocol-spec/"/>
internal sealed class RespConnection : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly Stream _requests;
    private readonly BufferedStream _replies;

    private RespConnection(TcpClient client, Stream stream) => (_client, _requests, _replies) = (client, stream, new BufferedStream(stream));

    /// <param name="port">The port of the server.</param>
    /// <param name="tls">What it speaks TLS by; null where it does not.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<RespConnection> OpenAsync(int port, ServerTls? tls, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            var stream = tls is null ? client.GetStream() : (Stream)await tls.ConnectAsync(client.GetStream(), cancellationToken);
            return new RespConnection(client, stream);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command.</summary>
    /// <returns>What the server answered, a value a line; nothing for a value that is not there.</returns>
    /// <exception cref="InvalidOperationException">The server answered with an error.</exception>
    public async Task<string> SendAsync(IReadOnlyCollection<string> command, CancellationToken cancellationToken)
    {
        var request = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"*{command.Count}\r\n"));
        foreach (var word in command)
        {
            request.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        }

        await _requests.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _replies.DisposeAsync();
        _client.Dispose();
    }

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        var header = await ReadLineAsync(cancellationToken);
        return header[0] switch
        {
            '+' or ':' => header[1..],
            '-' => throw new InvalidOperationException($"The server answered: {header[1..]}"),
            '$' => await ReadTextAsync(Number(header), cancellationToken),
            '*' => await ReadLinesAsync(Number(header), cancellationToken),
            _ => throw new InvalidDataException($"The server does not speak RESP2: {header}"),
        };
    }

    private async Task<string> ReadTextAsync(int length, CancellationToken cancellationToken)
    {
        if (length < 0)
        {
            return "";
        }

        var text = new byte[length + 2];
        await _replies.ReadExactlyAsync(text, cancellationToken);
        return Encoding.UTF8.GetString(text, 0, length);
    }

    private async Task<string> ReadLinesAsync(int count, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (lines.Count < count)
        {
            lines.Add(await ReadAsync(cancellationToken));
        }

        return string.Join('\n', lines);
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        var octet = new byte[1];
        do
        {
            await _replies.ReadExactlyAsync(octet, cancellationToken);
            line.Add(octet[0]);
        }
        while (octet[0] is not (byte)'\n');

        return Encoding.UTF8.GetString([.. line]).TrimEnd();
    }

    private static int Number(string header) => int.Parse(header.AsSpan(1), CultureInfo.InvariantCulture);
}
