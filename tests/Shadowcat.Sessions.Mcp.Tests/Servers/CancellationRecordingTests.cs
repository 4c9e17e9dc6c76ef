using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using static Shadowcat.Sessions.Mcp.Tests.Servers.HttpConversation;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>Closing the stream is how a client cancels since 2026-07-28: no message says so, but both recordings do.</summary>
public sealed class CancellationRecordingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_ClosesTheStream_IsRecordedOnBothSidesAndWhatComesLaterIsUndelivered()
    {
        var gate = new SlowTools.Gate();
        var ofClient = new InMemorySessionStore();
        await using var server = await RecordedServer.StartAsync(
            HttpServerSessionMode.Stateless, services: services => services.AddSingleton(gate).AddMcpServer().WithTools<SlowTools>());
        await using (var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions { Endpoint = server.Endpoint }).WithRecording(ofClient),
            new McpClientOptions { ProtocolVersion = WithoutHandshake, ClientInfo = new Implementation { Name = "c", Version = "1" } },
            cancellationToken: Ct))
        {
            using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var call = client.CallToolAsync("slow", cancellationToken: cancelling.Token).AsTask();
            await gate.Entered.Task.WaitAsync(Ct);

            await cancelling.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            await gate.Cancelled.Task.WaitAsync(Ct);
            await Poll.UntilAsync(async () => (await FramesAsync(server)).Exists(IsCancellation), "the cancellation is recorded");
            gate.Open.SetResult();
            await EchoAsync(client, "still here");
        }

        var frames = await FramesAsync(server);
        var cancellation = Assert.Single(frames, IsCancellation);
        Assert.Equal((MessageDirection.Internal, "recording/cancelled", ExchangeEnd.Client), (cancellation.Direction, cancellation.Method, cancellation.Metadata[ExchangeEnd.ByKey]));
        var asked = frames.Single(frame => frame.Kind == MessageKind.Request && frame.ExchangeId == cancellation.ExchangeId);
        Assert.Equal("tools/call", asked.Method);
        var later = frames.Where(frame => frame.ExchangeId == cancellation.ExchangeId && frame.Sequence > cancellation.Sequence).ToList();
        Assert.All(later, frame => Assert.Equal(MessageFlags.Undelivered, frame.Flags));
        Assert.DoesNotContain(frames, frame => frame.ExchangeId != cancellation.ExchangeId && frame.Flags != MessageFlags.None);

        var recorded = await ofClient.ListSessionsAsync(cancellationToken: Ct).SingleAsync(Ct);
        var seen = await ofClient.GetFramesAsync(recorded.Id, cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal(ExchangeEnd.Client, Assert.Single(seen, IsCancellation).Metadata[ExchangeEnd.ByKey]);
        Assert.DoesNotContain(seen, frame => frame.Method == "recording/undelivered");
    }

    private static bool IsCancellation(MessageEnvelope frame) => frame.Metadata.GetValueOrDefault(ExchangeEnd.Key) == ExchangeEnd.Cancelled;

    private static async Task<List<MessageEnvelope>> FramesAsync(RecordedServer server)
    {
        List<MessageEnvelope> all = [];
        foreach (var session in await server.GetSessionsAsync())
        {
            all.AddRange(await server.GetFramesAsync(session));
        }

        return all;
    }
}
