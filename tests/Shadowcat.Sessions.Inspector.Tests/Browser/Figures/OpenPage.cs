using System.Net.Sockets;
using System.Text;

namespace Shadowcat.Sessions.Inspector.Tests.Browser.Figures;

/// <summary>What an open page is to the server, without a browser beside it: it asks as the page does, and throws away what it is sent, so that little of what is measured is its own.</summary>
internal static class OpenPage
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Follows a session from its newest frame on, until the page is closed.</summary>
    public static async Task OfSessionAsync(InspectedApplication application, ISessionStore store, SessionId id, CancellationToken closing)
    {
        var from = (await store.GetSessionAsync(id, closing))!.FrameCount;
        await ReadAsync(application, $"api/sessions/{id}/follow?from={from}", static _ => Task.CompletedTask, closing);
    }

    /// <summary>Shows the list, which it reads anew as it is told that something changed, until the page is closed.</summary>
    public static Task OfTheListAsync(InspectedApplication application, CancellationToken closing) => ReadAsync(
        application,
        "api/changes",
        received => received.Span.IndexOf("event: sessions"u8) < 0 ? Task.CompletedTask : application.Client.GetByteArrayAsync("api/sessions?order=newest&size=100&zone=0", closing),
        closing);

    private static async Task ReadAsync(InspectedApplication application, string path, Func<ReadOnlyMemory<byte>, Task> receive, CancellationToken closing)
    {
        var address = new Uri(application.Client.BaseAddress!, path);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port, closing);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"), closing);
        var buffer = new byte[BufferBytes];
        while (await socket.ReceiveAsync(buffer, closing) is var read and > 0)
        {
            await receive(buffer.AsMemory(0, read));
        }
    }
}
