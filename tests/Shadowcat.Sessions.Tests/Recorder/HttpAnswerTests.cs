using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Proxying.Http;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>What a server says when its client has left is kept, and marked: it reached nobody.</summary>
public sealed class HttpAnswerTests
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""";

    [Fact]
    public async Task Event_BehindTheClientsDeparture_IsUndelivered()
    {
        var store = new InMemorySessionStore();
        var recorder = new SessionRecorder(store, new SessionRecordingOptions { WriteDelay = TimeSpan.Zero });
        var sessions = new HttpSessions(
            recorder, (transport, boundary, key) => new Session(SessionId.New(), transport) { Boundary = boundary, CorrelationKey = key }, TimeProvider.System);
        using var server = new HttpMessageInvoker(new SocketsHttpHandler());
        var upstream = new Uri("http://127.0.0.1:1/mcp");
        HttpRequest request = new DefaultHttpContext().Request;
        request.Method = HttpMethods.Post;
        using var response = new HttpResponseMessage(HttpStatusCode.OK);
        bool hasLeft = false;

        HttpExchange exchange = HttpExchange.Begin(
            new HttpPath(new HttpEndpoint(upstream), server, new HttpCallers(), sessions, new Notices(TextWriter.Null)), request, upstream, Encoding.UTF8.GetBytes(Call));
        exchange.Answered(response);
        var answer = new HttpAnswer(exchange, isStream: true, () => hasLeft);
        answer.Add("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/before\"}\n\n"u8);
        hasLeft = true;
        answer.Add("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/behind\"}\n\n"u8);
        answer.Break(how: null, ExchangeEnd.Client);
        await recorder.DisposeAsync();

        Session session = await store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        List<MessageEnvelope> frames = await store.GetFramesAsync(session.Id, cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            [("tools/call", MessageFlags.None), ("notifications/before", MessageFlags.None), ("notifications/behind", MessageFlags.Undelivered), (null, MessageFlags.None)],
            frames.Select(frame => (frame.Method, frame.Flags)));
        Assert.Equal((ExchangeEnd.Cancelled, ExchangeEnd.Client), (frames[^1].Metadata[ExchangeEnd.Key], frames[^1].Metadata[ExchangeEnd.ByKey]));
        Assert.Single(frames.Select(frame => frame.ExchangeId).Distinct());
    }
}
