using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Replay;

/// <summary>Recordings written by hand, a line a message: <c>&gt;</c> from the client, <c>&lt;</c> from the server.</summary>
internal static class Recordings
{
    public static async Task<SessionId> WriteAsync(ISessionStore store, params string[] lines)
    {
        var session = await store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio), TestContext.Current.CancellationToken);
        foreach (var line in lines)
        {
            var direction = line[0] switch
            {
                '>' => MessageDirection.ClientToServer,
                '<' => MessageDirection.ServerToClient,
                _ => MessageDirection.Internal,
            };
            var payload = Encoding.UTF8.GetBytes(line[2..].Replace("{\"", "{\"jsonrpc\":\"2.0\",\"", 1));
            await store.AddFrameAsync(
                new MessageEnvelope(session.Id, direction, TransportType.Stdio, payload, DateTimeOffset.UtcNow), TestContext.Current.CancellationToken);
        }

        return session.Id;
    }

    /// <summary>A message as the SDK has it.</summary>
    public static JsonRpcMessage Message(string json) =>
        JsonSerializer.Deserialize<JsonRpcMessage>(json.Replace("{\"", "{\"jsonrpc\":\"2.0\",\"", 1), McpJsonUtilities.DefaultOptions)!;

    /// <summary>A message as JSON, without the version of JSON-RPC, its members in the usual order.</summary>
    public static string Json(JsonRpcMessage message)
    {
        var members = JsonSerializer.SerializeToNode(message, McpJsonUtilities.DefaultOptions)!.AsObject();
        return new JsonObject(((string[])["id", "method", "params", "result", "error"])
            .Where(members.ContainsKey)
            .Select(name => KeyValuePair.Create(name, members[name]?.DeepClone()))).ToJsonString(McpJsonUtilities.DefaultOptions);
    }

    private static string Replace(this string text, string old, string replacement, int count)
    {
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return at < 0 || count == 0 ? text : text[..at] + replacement + text[(at + old.Length)..];
    }
}
