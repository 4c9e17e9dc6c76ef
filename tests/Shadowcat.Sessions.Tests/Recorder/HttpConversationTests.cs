using System.Text;
using Microsoft.AspNetCore.Http;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>Which requests over Streamable HTTP are recorded as one session.</summary>
public sealed class HttpConversationTests : IAsyncLifetime
{
    private const string Initialize = /*lang=json,strict*/ """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""";
    private const string SessionHeader = "Mcp-Session-Id";

    private readonly List<IAsyncDisposable> _started = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable started in Enumerable.Reverse(_started))
        {
            await started.DisposeAsync();
        }
    }

    [Fact]
    public async Task TwoClientsOfOneAddress_WithoutSessions_AreTwoRecordingsAndNoAnswerIsJoinedToAnothersRequest()
    {
        var isAskedByB = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isAnsweredToA = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        HttpRecorder recorder = await StartAsync(async (context, body) =>
        {
            if (body.Contains("\"who\":\"A\"", StringComparison.Ordinal))
            {
                await isAskedByB.Task;
            }
            else if (body.Contains("\"who\":\"B\"", StringComparison.Ordinal))
            {
                isAskedByB.SetResult();
                await isAnsweredToA.Task;
            }

            await AnswerAsync(context, body);
        });
        using var a = new HttpClient();
        using var b = new HttpClient();

        await PostAsync(a, recorder, Initialize);
        await PostAsync(b, recorder, Initialize);
        Task callOfA = PostAsync(a, recorder, Call("A"));
        Task callOfB = PostAsync(b, recorder, Call("B"));
        await callOfA;
        isAnsweredToA.SetResult();
        await callOfB;

        List<Session> sessions = await recorder.StopAsync();
        Assert.Equal(2, sessions.Count);

        foreach ((Session session, string who) in sessions.Zip(["A", "B"]))
        {
            List<MessageEnvelope> frames = await recorder.FramesAsync(session);
            Assert.Equal(4, frames.Count);
            Assert.All(frames.Skip(2), frame => Assert.Contains($"\"who\":\"{who}\"", Encoding.UTF8.GetString(frame.Payload.Span), StringComparison.Ordinal));
            Assert.Equal(frames[2].ExchangeId, frames[3].ExchangeId);
            Assert.NotEqual(frames[0].ExchangeId, frames[2].ExchangeId);
        }
    }

    [Fact]
    public async Task TwoClientsOfOneAddress_OverNewConnectionsEach_AreNeverJoined()
    {
        HttpRecorder recorder = await StartAsync(AnswerAsync);
        await PostAsync(recorder, Initialize);
        await PostAsync(recorder, Initialize);

        await PostAsync(recorder, Call("A"));
        await PostAsync(recorder, Call("B"));

        // Nothing says which of the two it was; so neither is said to have been.
        List<Session> sessions = await recorder.StopAsync();
        Assert.Equal(4, sessions.Count);
        Assert.All(sessions, session => Assert.Equal(2, session.FrameCount));
    }

    [Fact]
    public async Task OneClient_OverSeveralConnections_IsOneRecording()
    {
        HttpRecorder recorder = await StartAsync(AnswerAsync);
        await PostAsync(recorder, Initialize);

        await PostAsync(recorder, Call("A"));
        await PostAsync(recorder, Call("A"));

        Assert.Equal(6, Assert.Single(await recorder.StopAsync()).FrameCount);
    }

    [Fact]
    public async Task TwoServersWithOneStore_OneClientWithoutInitialize_AreTwoSessions()
    {
        var store = new InMemorySessionStore();
        HttpRecorder weather = await StartAsync(AnswerAsync, store, "weather");
        HttpRecorder payroll = await StartAsync(AnswerAsync, store, "payroll");
        using var client = new HttpClient();

        await PostAsync(client, weather, RawClient.List);
        await PostAsync(client, payroll, RawClient.List);
        await weather.DisposeAsync();
        List<Session> sessions = await payroll.StopAsync();

        Assert.Equal(["payroll", "weather"], sessions.Select(session => $"{session.Tags}").Order());
        Assert.All(sessions, session => Assert.Equal(2, session.FrameCount));
    }

    [Fact]
    public async Task IdThatTheServerNoLongerKnows_ManyRequests_AreOneRecording()
    {
        HttpRecorder recorder = await StartAsync(async (context, body) =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(/*lang=json,strict*/ """{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}""");
        });
        using var client = new HttpClient();

        for (int i = 0; i < 5; i++)
        {
            await PostAsync(client, recorder, RawClient.List, session: "s1");
        }

        Session session = Assert.Single(await recorder.StopAsync());
        Assert.Equal((10, SessionState.Closed, "the server no longer has the session"), (session.FrameCount, session.State, session.CloseReason));
    }

    [Fact]
    public async Task SessionThatTheServerForgets_ClientGoesOnAndBeginsAnew_IsTwoRecordings()
    {
        int begun = 0;
        HttpRecorder recorder = await StartAsync(async (context, body) =>
        {
            if (body.Contains("initialize", StringComparison.Ordinal))
            {
                context.Response.Headers[SessionHeader] = $"s{++begun}";
            }

            context.Response.StatusCode = context.Request.Headers[SessionHeader] == "s1" ? 404 : 200;
            await AnswerAsync(context, body);
        });
        using var client = new HttpClient();
        await PostAsync(client, recorder, Initialize);
        await PostAsync(client, recorder, RawClient.List, session: "s1");
        await PostAsync(client, recorder, RawClient.List, session: "s1");

        await PostAsync(client, recorder, Initialize);
        await PostAsync(client, recorder, RawClient.List, session: "s2");

        List<Session> sessions = await recorder.StopAsync();
        Assert.Equal([(TransportSessionIds.ToRecordedText("s1"), 6), (TransportSessionIds.ToRecordedText("s2"), 4)], sessions.Select(session => (session.TransportSessionId, session.FrameCount)));
        Assert.Equal("the server no longer has the session", sessions[0].CloseReason);
    }

    [Theory]
    [InlineData("Bearer first", "Bearer second")]
    [InlineData(null, "Bearer first")]
    public async Task Token_Refreshed_DoesNotSplitARecording(string? before, string after)
    {
        HttpRecorder recorder = await StartAsync(AnswerAsync);
        using var client = new HttpClient();

        await PostAsync(client, recorder, RawClient.List, credentials: before);
        await PostAsync(client, recorder, RawClient.List, credentials: after);

        Session session = Assert.Single(await recorder.StopAsync());
        Assert.Equal(4, session.FrameCount);
    }

    [Fact]
    public async Task Token_RefreshedOverANewConnectionAfterARefusal_DoesNotSplitARecording()
    {
        HttpRecorder recorder = await StartAsync(async (context, body) =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer old" ? 401 : 200;
            await AnswerAsync(context, body);
        });

        await PostAsync(recorder, RawClient.List, credentials: "Bearer old");
        await PostAsync(recorder, RawClient.List, credentials: "Bearer new");

        Assert.Equal(4, Assert.Single(await recorder.StopAsync()).FrameCount);
    }

    [Fact]
    public async Task Token_OfTheSameOwnerOverANewConnection_DoesNotSplitARecording()
    {
        HttpRecorder recorder = await StartAsync(AnswerAsync);

        await PostAsync(recorder, RawClient.List, credentials: Jwt("alice", 1));
        await PostAsync(recorder, RawClient.List, credentials: Jwt("alice", 2));
        await PostAsync(recorder, RawClient.List, credentials: Jwt("bob", 1));

        Assert.Equal([4, 2], (await recorder.StopAsync()).Select(session => session.FrameCount));
    }

    [Fact]
    public async Task Tokens_OfTwoPeopleOverOneConnection_AreNotJoined()
    {
        HttpRecorder recorder = await StartAsync(AnswerAsync);
        using var client = new HttpClient();

        await PostAsync(client, recorder, RawClient.List, credentials: Jwt("alice", 1));
        await PostAsync(client, recorder, RawClient.List, credentials: Jwt("bob", 1));

        Assert.Equal([2, 2], (await recorder.StopAsync()).Select(session => session.FrameCount));
    }

    [Fact]
    public async Task Credential_InNoForm_IsPartOfWhatIsStored()
    {
        HttpRecorder first = await StartAsync(AnswerAsync);
        HttpRecorder second = await StartAsync(AnswerAsync);
        string[] keys = new string[2];

        foreach ((HttpRecorder recorder, int i) in new[] { (first, 0), (second, 1) })
        {
            await PostAsync(recorder, RawClient.List, credentials: "Basic dTpwYXNzd29yZA==");
            keys[i] = Assert.Single(await recorder.StopAsync()).CorrelationKey!;
        }

        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("Basic dTpwYXNzd29yZA=="u8));
        Assert.NotEqual(keys[0], keys[1]);
        Assert.All(keys, key => Assert.DoesNotContain(hash[..8], key, StringComparison.Ordinal));
        Assert.All(keys, key => Assert.DoesNotContain("authorization", key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RequestOfTheServer_AnsweredOverAnotherConnection_IsInOneExchange()
    {
        const string Asked = /*lang=json,strict*/ """{"jsonrpc":"2.0","id":9,"method":"roots/list"}""";
        var isAnswered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        HttpRecorder recorder = await StartAsync(async (context, body) =>
        {
            if (body.Contains("roots", StringComparison.Ordinal))
            {
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                isAnswered.SetResult();
                return;
            }

            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($"data: {Asked}\n\n");
            await context.Response.Body.FlushAsync();
            await isAnswered.Task;
            await context.Response.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n");
        });
        using var client = new HttpClient();

        Task call = PostAsync(client, recorder, RawClient.List);
        await recorder.FrameAsync(frame => frame.Method == "roots/list");
        await PostAsync(client, recorder, /*lang=json,strict*/ """{"jsonrpc":"2.0","id":9,"result":{"roots":[]}}""");
        await call;

        List<MessageEnvelope> frames = await recorder.StopAndReadAsync();
        Assert.Single(frames.Where(frame => frame.Kind is MessageKind.Request or MessageKind.Response).Select(frame => frame.ExchangeId).Distinct());
    }

    [Theory]
    [InlineData(401, "text/plain", "no", "initialize was refused (HTTP 401)")]
    [InlineData(200, "application/json", "{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{\"code\":-32602,\"message\":\"no\"}}", "initialize was refused (an error)")]
    [InlineData(200, "text/html", "<p>Welcome", "initialize was not answered")]
    [InlineData(200, "text/event-stream", ": nothing\n\n", "initialize was not answered")]
    public async Task Initialize_ThatBeginsNothing_EndsWithItsExchangeAndIsRefusedOnlyWhereAServerDoes(int status, string type, string body, string reason)
    {
        HttpRecorder recorder = await StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        });
        using var client = new HttpClient();

        await PostAsync(client, recorder, Initialize);
        await recorder.FrameAsync(frame => frame.Direction != MessageDirection.ClientToServer);
        await Poll.UntilAsync(
            async () => await recorder.Store.ListSessionsAsync(cancellationToken: Ct).AllAsync(session => session.State == SessionState.Closed, Ct), "it is closed");

        Session session = Assert.Single(await recorder.StopAsync());
        Assert.Equal((SessionStatus.Failed, reason), (session.Status, session.CloseReason));
    }

    private static string Call(string who) =>
        /*lang=json,strict*/ """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"who":"WHO"}}}""".Replace("WHO", who, StringComparison.Ordinal);

    private static string Jwt(string subject, int number)
    {
        string claims = $$"""{"iss":"https://issuer.example","sub":"{{subject}}","jti":"{{number}}"}""";
        return $"bearer e30.{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln";
    }

    private static Task AnswerAsync(HttpContext context, string body)
    {
        context.Response.ContentType = "application/json";
        string id = body.Split("\"id\":")[1].Split(',')[0];
        string result = body.Contains("initialize", StringComparison.Ordinal)
            ? /*lang=json,strict*/ """{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}"""
            : "{\"answers\":" + body + "}";
        return context.Response.WriteAsync("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
    }

    private static async Task PostAsync(HttpRecorder recorder, string body, string? credentials = null)
    {
        using var client = new HttpClient();
        await PostAsync(client, recorder, body, credentials: credentials);
    }

    private static async Task PostAsync(HttpClient client, HttpRecorder recorder, string body, string? session = null, string? credentials = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, recorder.Endpoint) { Content = new StringContent(body) };

        if (session is not null)
        {
            request.Headers.Add(SessionHeader, session);
        }

        if (credentials is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", credentials);
        }

        using HttpResponseMessage response = await client.SendAsync(request, Ct);
    }

    private async Task<HttpRecorder> StartAsync(Func<HttpContext, string, Task> answer, ISessionStore? store = null, string tag = "test")
    {
        HttpUpstream upstream = await HttpUpstream.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await answer(context, await reader.ReadToEndAsync());
        });
        _started.Add(upstream);
        HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint, store, tag);
        _started.Add(recorder);
        return recorder;
    }
}
