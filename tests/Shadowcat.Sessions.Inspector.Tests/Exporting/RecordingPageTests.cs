using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Shadowcat.Sessions.Inspector.Tests.Exporting;

/// <summary>A recording as one file.</summary>
public sealed class RecordingPageTests
{
    private const string Attack = "</script></style></title><script>alert(1)</script><!--<script><img src=x onerror=alert(1)>\" onmouseover=\"alert(1)\" x='&lt;javascript:alert(1)";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_ASession_HoldsEveryByteOfIt()
    {
        var recorded = await Recorded.BeginAsync();
        byte[][] payloads =
        [
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"größe 👩‍🚀 日本"}}"""u8.ToArray(),
            [],
            [0x1B, (byte)'[', 0, 0x7F, 13, 10, 9, 0xFF],
            "\u202Eevil\u2028\u2029\u0085 \uFEFF \\ \" \u0000 \u0001"u8.ToArray(),
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("x<👩>&", 40_000))),
            RandomNumberGenerator.GetBytes(300_000),
        ];
        foreach (var payload in payloads)
        {
            await recorded.AddAsync(MessageDirection.ServerToClient, payload, "x", MessageFlags.Truncated, ("http.header.a", "b"), ("http.status", "500"));
        }

        var page = await WriteAsync(recorded);

        Assert.Equal(payloads, page.Frames.Select(PayloadOf));
        Assert.Equal(recorded.Session.Id.Value, page.Session.GetProperty("id").GetString());
        Assert.False(page.Session.GetProperty("selection").GetBoolean());
        Assert.All(page.Frames, static frame => Assert.Equal(("b", "500", "cut"), (frame.GetProperty("headers").GetProperty("a").GetString(), frame.GetProperty("metadata").GetProperty("http.status").GetString(), frame.GetProperty("f")[0].GetString())));
    }

    [Fact]
    public async Task Write_MarkupInEverything_IsData()
    {
        var recorded = await Recorded.BeginAsync(session: new Session(SessionId.New(), TransportType.StreamableHttp)
        {
            ClientInfo = Peer.Create(Attack, Attack, Attack),
            ServerInfo = Peer.Create(Attack, Attack),
            VersionState = new VersionState { Negotiated = "<b>1</b>" },
            Tags = [new SessionTag("<script>alert(1)</script>")],
            Owner = new SessionOwner("<i>", Attack, "<u>"),
            Attributes = SessionAttributes.Create([new("<img src=x onerror=alert(1)>", Attack)]),
            TransportSessionId = Attack,
        }.AsClosed(SessionStatus.Failed, Attack));
        var text = $"\"{JsonEncodedText.Encode(Attack, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
        await recorded.ClientAsync($$"""{"jsonrpc":"2.0","id":{{text}},"method":{{text}}}""", metadata: [(Attack, Attack)]);
        await recorded.ServerAsync($$"""{"jsonrpc":"2.0","id":{{text}},"error":{"code":1,"message":{{text}} } }""");
        await recorded.ServerAsync(Attack);

        var page = await WriteAsync(recorded);

        // What is of the recording stands in blocks of data, and in them there is no markup at all.
        Assert.Equal(2, page.Blocks.Count);
        Assert.All(page.Blocks, static block => Assert.DoesNotContain(block, static character => character is '<' or '>' or '&'));
        Assert.DoesNotContain("alert(1)", page.Rest, StringComparison.Ordinal);
        Assert.Equal(Attack, page.Session.GetProperty("client").GetProperty("name").GetString());
        Assert.Equal(Attack, Encoding.UTF8.GetString(PayloadOf(page.Frames[2])));
    }

    [Fact]
    public async Task Write_ThePolicy_AllowsThePagesOwnScriptAndStyleAlone()
    {
        var page = await WriteAsync(await Recorded.BeginAsync());

        var script = Inside(page.Rest, "<script type=\"module\">", "</script>");
        var style = Inside(page.Rest, "<style>", "</style>");

        Assert.Equal(
            $"default-src 'none'; script-src '{Hash(script)}'; style-src '{Hash(style)}'; img-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'",
            Inside(page.Rest, "<meta http-equiv=\"Content-Security-Policy\" content=\"", "\">"));
        Assert.DoesNotContain("main.js\"", page.Rest, StringComparison.Ordinal);
        Assert.DoesNotContain("app.css", page.Rest, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', page.Rest);
        Assert.Empty(page.Frames);
    }

    [Fact]
    public async Task Write_ManyFrames_AreBlocksThatABrowserReadsOneByOne()
    {
        var recorded = await Recorded.BeginAsync();
        var frame = new MessageEnvelope(recorded.Session.Id, MessageDirection.ClientToServer, TransportType.Stdio, """{"jsonrpc":"2.0","method":"n"}"""u8.ToArray(), Recorded.At);
        for (var batch = 0; batch < 3; batch++)
        {
            await recorded.Store.AddFramesAsync(recorded.Session.Id, [.. Enumerable.Repeat(frame, 800)], Ct);
        }

        var page = await WriteAsync(recorded);

        Assert.Equal([1000, 1000, 400], page.Blocks.Skip(1).Select(static block => JsonDocument.Parse(block).RootElement.GetArrayLength()));
        Assert.Equal(Enumerable.Range(0, 2400), page.Frames.Select(static item => item.GetProperty("s").GetInt32()));
    }

    [Fact]
    public async Task Write_LargeMessages_AreBlocksOfTheirOwn()
    {
        var store = new InMemorySessionStore(new SessionStoreOptions { MaxFrameBytes = 16 * 1024 * 1024, MaxBatchBytes = 16 * 1024 * 1024 });
        var recorded = await Recorded.BeginAsync(store);
        var large = new byte[9 * 1024 * 1024];
        large.AsSpan().Fill((byte)'x');
        for (var number = 0; number < 3; number++)
        {
            await recorded.AddAsync(MessageDirection.ServerToClient, large);
        }

        var page = await WriteAsync(recorded);

        Assert.Equal([1, 1, 1], page.Blocks.Skip(1).Select(static block => JsonDocument.Parse(block).RootElement.GetArrayLength()));
    }

    /// <summary>What is held at a time does not grow with the recording.</summary>
    [Fact]
    public async Task Write_100000Frames_HoldsFewAtATime()
    {
        const int Frames = 100_000;
        var session = await new InMemorySessionStore().CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio), Ct);
        var payload = new byte[2000];
        payload.AsSpan().Fill((byte)'x');
        var destination = new CountingStream();
        var mostPending = 0L;
        var store = new EndlessStore(session, Frames, payload, sequence => mostPending = Math.Max(mostPending, (sequence * payload.Length) - destination.Bytes));

        var written = await RecordingPage.WriteAsync(store, session.Id, destination, Ct);

        Assert.Equal(Frames, written);
        Assert.True(destination.Bytes > Frames * (long)payload.Length);
        Assert.InRange(mostPending, 0, 1024 * 1024);
    }

    [Fact]
    public async Task Write_WhatIsMissing_IsSaid()
    {
        var recorded = await Recorded.BeginAsync();
        for (var number = 0; number < 6; number++)
        {
            await recorded.ClientAsync("{}");
        }

        await recorded.Store.DeleteFramesAsync(recorded.Session.Id, 2, Ct);

        var page = await WriteAsync(recorded, new FailingStore(recorded.Store) { Unreadable = { 3, 5 } });

        Assert.Equal((2, 6), (page.Session.GetProperty("first").GetInt64(), page.Session.GetProperty("frames").GetInt64()));
        Assert.Equal([2, 3, 4, 5], page.Frames.Select(static frame => frame.GetProperty("s").GetInt32()));
        Assert.Equal([false, true, false, true], page.Frames.Select(static frame => frame.TryGetProperty("bad", out _)));
    }

    [Fact]
    public async Task Write_ASessionThatIsNotThere_Throws() =>
        await Assert.ThrowsAsync<SessionNotFoundException>(() => RecordingPage.WriteAsync(new InMemorySessionStore(), new SessionId("none"), Stream.Null, Ct));

    private static async Task<SavedPage> WriteAsync(Recorded recorded, ISessionStore? store = null)
    {
        using var destination = new MemoryStream();
        await RecordingPage.WriteAsync(store ?? recorded.Store, recorded.Session.Id, destination, Ct);
        return new SavedPage(Encoding.UTF8.GetString(destination.ToArray()));
    }

    private static byte[] PayloadOf(JsonElement frame) => frame.TryGetProperty("b64", out var bytes) ? bytes.GetBytesFromBase64() : Encoding.UTF8.GetBytes(frame.GetProperty("p").GetString()!);

    private static string Inside(string page, string begin, string end)
    {
        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return page[from..page.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string Hash(string content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
