using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Recorder.Starting;
using Shadowcat.Sessions.Recorder.Storing;

namespace Shadowcat.Sessions.Recorder.Demo;

/// <summary>A client of the C# SDK that talks to the demonstration's server through the recorder, as it would talk to it directly.</summary>
internal static class DemoClient
{
    /// <summary>Holds one conversation.</summary>
    /// <param name="location">Where the recorder is to keep it.</param>
    /// <param name="tag">The label of its session.</param>
    /// <param name="version">The protocol version to insist on; null for the newest that both sides know.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    public static async Task TalkAsync(StoreLocation location, string tag, string? version, CancellationToken cancellationToken)
    {
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = "demo",
            Command = OwnExecutable.Command,
            Arguments =
            [
                .. OwnExecutable.Arguments, "record", "--tag", tag, "--",
                OwnExecutable.Command, .. OwnExecutable.Arguments, "demo-server",
            ],
            EnvironmentVariables = location.Variables,
        });
        var options = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "demo-client", Version = "1.0" },
            ProtocolVersion = version,

            // The server is known to answer; a machine on which it starts slowly must not be taken for one with an older server.
            DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
        };
        await using var client = await McpClient.CreateAsync(transport, options, cancellationToken: cancellationToken);
        await client.ListToolsAsync(cancellationToken: cancellationToken);
        await client.CallToolAsync("echo", Arguments(("text", "hello, recorder")), cancellationToken: cancellationToken);
        await client.CallToolAsync("add", Arguments(("a", 40), ("b", 2)), cancellationToken: cancellationToken);
        await client.CallToolAsync("count_down", Arguments(("steps", 3)), new UnseenProgress(), cancellationToken: cancellationToken);
        await client.GetPromptAsync("greet", Arguments(("name", "Ada")), cancellationToken: cancellationToken);
        await client.ReadResourceAsync(DemoResources.NoteUri, cancellationToken: cancellationToken);
        await client.CallToolAsync("fail", cancellationToken: cancellationToken);
        await CallUnknownToolAsync(client, cancellationToken);
    }

    private static async Task CallUnknownToolAsync(McpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.CallToolAsync("no_such_tool", cancellationToken: cancellationToken);
        }
        catch (McpException)
        {
            // Meant to be refused: a record holds errors too.
        }
    }

    private static Dictionary<string, object?> Arguments(params (string Name, object? Value)[] arguments) =>
        arguments.ToDictionary(argument => argument.Name, argument => argument.Value);

    /// <summary>Asks for progress, so that it is recorded.</summary>
    private sealed class UnseenProgress : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value)
        {
        }
    }
}
