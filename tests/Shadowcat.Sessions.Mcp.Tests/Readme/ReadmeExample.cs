using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Readme;

/// <summary>The example of the README, so that it compiles and runs. <see cref="ReadmeTests"/> holds the README to it.</summary>
internal static class ReadmeExample
{
    public static IClientTransport Run(IServiceCollection services, IClientTransport clientTransport, ITransport transport, ISessionStore store, byte[] payload)
    {
        // <example>
        // A server: after its transport. Records are kept for 7 days after the last message, or options.TimeToLive.
        services.AddMcpServer().WithStdioServerTransport().WithSessionRecording();

        // A client, or a server that makes its transport itself: instead of the transport.
        var recordedClient = clientTransport.WithRecording(store);
        var recordedServer = transport.WithRecording(store);

        // A proxy, which sees bytes.
        var recorder = new SessionRecorder(store);
        var recording = recorder.Begin(new Session(SessionId.New(), TransportType.Stdio));
        recording.TryRecord(MessageDirection.ClientToServer, payload);
        recording.Close(SessionStatus.Completed, "the client left");
        // </example>

        Assert.NotNull(recordedServer);
        return recordedClient;
    }
}
