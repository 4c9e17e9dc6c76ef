using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>Closing the stream is how a client cancels since 2026-07-28: no message says so, but the recordings of both sides do.</summary>
public sealed class CancellationRecordingTests
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"talkative","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_ClientClosesTheStream_RecordsItAndThatWhatComesLaterIsUndelivered()
    {
        var gate = new SlowTools.Gate();
        await using var server = await StartAsync(gate);

        await GiveUpAsync(server, gate);
        gate.Open.SetResult();
        await Poll.UntilAsync(async () => (await server.GetSessionsAsync()) is [{ State: SessionState.Closed }], "the session is closed");

        var session = Assert.Single(await server.GetSessionsAsync());
        Assert.Equal("the client closed the stream, which cancels the request", session.CloseReason);
        var frames = await server.GetFramesAsync(session);
        Assert.Equal(["tools/call", "recording/cancelled", SlowTools.LateMethod], frames.Take(3).Select(frame => frame.Method));
        Assert.Equal((MessageDirection.Internal, ExchangeEnd.Cancelled, ExchangeEnd.Client), (frames[1].Direction, frames[1].Metadata[ExchangeEnd.Key], frames[1].Metadata[ExchangeEnd.ByKey]));
        Assert.Single(frames.Select(frame => frame.ExchangeId).Distinct());
        Assert.All(frames.Skip(2), frame => Assert.Equal((MessageDirection.ServerToClient, MessageFlags.Undelivered), (frame.Direction, frame.Flags)));
    }

    [Fact]
    public async Task Server_ClientWaits_RecordsThatWhatComesIsDelivered()
    {
        var gate = new SlowTools.Gate();
        await using var server = await StartAsync(gate);
        using var client = new HttpClient();

        var call = RawRequests.CallAsync(client, server.Endpoint, Call);
        await gate.Entered.Task.WaitAsync(Ct);
        gate.Open.SetResult();
        await call;
        await Poll.UntilAsync(async () => (await server.GetSessionsAsync()) is [{ State: SessionState.Closed }], "the session is closed");

        var frames = await server.GetFramesAsync(Assert.Single(await server.GetSessionsAsync()));
        Assert.Equal(["tools/call", SlowTools.LateMethod, null], frames.Select(frame => frame.Method));
        Assert.All(frames, frame => Assert.Equal(MessageFlags.None, frame.Flags));
    }

    [Fact]
    public async Task Client_GivesARequestUp_RecordsThatAndNotThatItWasUndelivered()
    {
        var store = new InMemorySessionStore();
        IClientTransport inner = new UnansweringTransport();
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using (var transport = await inner.WithRecording(store).ConnectAsync(Ct))
        {
            var sending = transport.SendMessageAsync(new JsonRpcRequest { Id = new ModelContextProtocol.Protocol.RequestId(1), Method = "tools/call" }, cancelling.Token);
            await cancelling.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        }

        var session = await store.ListSessionsAsync(cancellationToken: Ct).SingleAsync(Ct);
        var frames = await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal(["tools/call", "recording/cancelled"], frames.Select(frame => frame.Method));
        Assert.Equal((ExchangeEnd.Cancelled, ExchangeEnd.Client), (frames[1].Metadata[ExchangeEnd.Key], frames[1].Metadata[ExchangeEnd.ByKey]));
    }

    private static Task<RecordedServer> StartAsync(SlowTools.Gate gate) => RecordedServer.StartAsync(
        HttpServerSessionMode.Stateless,
        configure: options => options.UsesClientAddresses = false,
        services: services => services.AddSingleton(gate).AddMcpServer().WithTools<SlowTools>());

    /// <summary>Calls a tool and closes the stream on which it would answer.</summary>
    private static async Task GiveUpAsync(RecordedServer server, SlowTools.Gate gate)
    {
        using var client = new HttpClient();
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Endpoint) { Content = new StringContent(Call, Encoding.UTF8, "application/json") };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", "talkative");

        var call = client.SendAsync(request, cancelling.Token);
        await Task.WhenAny(gate.Entered.Task, call).WaitAsync(Ct);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await gate.Cancelled.Task.WaitAsync(Ct);
    }

    /// <summary>A connection to a server that never answers.</summary>
    private sealed class UnansweringTransport : IClientTransport, ITransport
    {
        private readonly Channel<JsonRpcMessage> _toClient = Channel.CreateUnbounded<JsonRpcMessage>();

        public string Name => "silent";

        public string? SessionId => null;

        public ChannelReader<JsonRpcMessage> MessageReader => _toClient.Reader;

        public Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) => Task.FromResult<ITransport>(this);

        public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => Task.Delay(Timeout.Infinite, cancellationToken);

        public ValueTask DisposeAsync()
        {
            _toClient.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }
    }
}
