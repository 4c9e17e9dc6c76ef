using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>What clients say to a recorded server, and how that is to be recorded.</summary>
internal static class HttpConversation
{
    /// <summary>The last revision with a handshake.</summary>
    public const string WithHandshake = "2025-11-25";

    /// <summary>The first without.</summary>
    public const string WithoutHandshake = "2026-07-28";

    /// <summary>The methods that <see cref="TalkAsync"/> is recorded with.</summary>
    public static readonly string?[] Calls =
    [
        "tools/list", null, "tools/call", null, "tools/call", "notifications/progress", "notifications/progress", null, "tools/call", null,
    ];

    /// <summary>Asks for the tools, and calls some.</summary>
    public static async Task TalkAsync(McpClient client)
    {
        var stop = TestContext.Current.CancellationToken;
        await client.ListToolsAsync(cancellationToken: stop);
        await EchoAsync(client, "hello");
        await client.CallToolAsync(
            "count", new Dictionary<string, object?> { ["steps"] = 2 }, new Progress<ProgressNotificationValue>(), cancellationToken: stop);
        await Assert.ThrowsAsync<McpProtocolException>(() => client.CallToolAsync("nope", cancellationToken: stop).AsTask());
    }

    public static ValueTask<CallToolResult> EchoAsync(McpClient client, string text) =>
        client.CallToolAsync("echo", new Dictionary<string, object?> { ["text"] = text }, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Every request has one answer behind it, and every answer a request.</summary>
    public static void AssertAnsweredOnce(List<MessageEnvelope> frames)
    {
        HashSet<(string?, RequestId)> asked = [];
        foreach (var frame in frames.Where(frame => frame.RequestId is not null))
        {
            var key = (frame.ExchangeId, frame.RequestId!.Value);
            Assert.True(frame.Direction == MessageDirection.ClientToServer ? asked.Add(key) : asked.Remove(key), $"{frame.Sequence} {frame.Kind} {key}");
        }

        Assert.Empty(asked);
    }
}
