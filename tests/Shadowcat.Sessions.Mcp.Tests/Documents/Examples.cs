using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Documents;

/// <summary>The examples of docs/recording.md, so that they compile and run.</summary>
internal static class Examples
{
    public static IClientTransport Run(IServiceCollection services, IClientTransport clientTransport, ITransport transport, ISessionStore store, byte[] payload)
    {
        // <server>
        // After the transport. Records are kept for 7 days after the last message.
        services.AddMcpServer().WithStdioServerTransport().WithSessionRecording();
        // </server>

        // <transports>
        // Instead of the transport: a client, or a server that makes its transport itself.
        var recordedClient = clientTransport.WithRecording(store);
        var recordedServer = transport.WithRecording(store);
        // </transports>

        // <proxy>
        var recorder = new SessionRecorder(store);
        var recording = recorder.Begin(new Session(SessionId.New(), TransportType.Stdio));
        recording.TryRecord(MessageDirection.ClientToServer, payload);
        recording.Close(SessionStatus.Completed, "the client left");
        // </proxy>

        Assert.NotNull(recordedServer);
        return recordedClient;
    }

    public static void Restrict(SessionRecordingOptions options)
    {
        // <redactors>
        options.Redactors = [new AllowListRedactor("$.params.name", "$.result.isError"), new CredentialRedactor()];
        // </redactors>
    }
}
