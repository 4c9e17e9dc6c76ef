using System.Net.Sockets;
using System.Text;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>A client that sends exactly the bytes that a test names.</summary>
internal static class RawClient
{
    public const string List = /*lang=json,strict*/ """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    /// <summary>Sends a request and reads until the connection ends.</summary>
    public static async Task<string> SendAsync(Uri endpoint, string target, string body = List, string? host = null, string headers = "")
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", endpoint.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes($"POST {target} HTTP/1.1\r\nHost: {host ?? endpoint.Authority}\r\nConnection: close\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"),
            TestContext.Current.CancellationToken);
        using var answer = new StreamReader(stream);
        return await answer.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
