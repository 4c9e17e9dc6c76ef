using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml.Linq;
using Shadowcat.Sessions.Recorder.Exporting.Html;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>The page that <c>export --format html</c> writes.</summary>
public sealed class HtmlExportTests
{
    private const string Attack = "</script></style></pre></title><script>alert(1)</script><img src=x onerror=alert(1)>\" onmouseover=\"alert(1)\" x='{{messages}}&lt;";

    private static readonly string[] Elements = ["header", "h1", "ul", "li", "b", "dl", "div", "dt", "dd", "main", "section", "details", "summary", "span", "em", "p", "a", "pre"];
    private static readonly string[] Attributes = ["class", "id", "data-method", "role", "aria-label", "href"];

    [Fact]
    public async Task Export_RequestAndAnswer_PointAtEachOther()
    {
        RecordingToExport recording = await RecordingToExport.BeginAsync();
        await recording.ClientAsync(0, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}""");
        await recording.ClientAsync(5, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await recording.ServerAsync(1500, """{"jsonrpc":"2.0","id":1,"result":{}}""");

        var page = new PageMarkup(await recording.ExportAsync(new HtmlExport()));

        Assert.Equal(3, page.Messages.Count);
        Assert.Equal(("tools/call echo", "1.50 s"), (PageMarkup.Part(page.Message(0), "what"), PageMarkup.Part(page.Message(0), "end")));
        Assert.Equal(("tools/call echo", "1.50 s"), (PageMarkup.Part(page.Message(2), "what"), PageMarkup.Part(page.Message(2), "end")));
        Assert.Equal(("notifications/initialized", ""), (PageMarkup.Part(page.Message(1), "what"), PageMarkup.Part(page.Message(1), "end")));
        Assert.Equal(["#m2"], page.Message(0).Descendants("a").Select(link => link.Attribute("href")?.Value));
        Assert.Equal(["#m0"], page.Message(2).Descendants("a").Select(link => link.Attribute("href")?.Value));
        Assert.Equal(["+00:00.000", "+00:00.005", "+00:01.500"], page.Messages.Select(message => PageMarkup.Part(message, "at")));
        Assert.DoesNotContain(page.Messages, message => PageMarkup.Classes(message).Contains("bad"));
    }

    [Fact]
    public async Task Export_Failures_AreMarkedAtRequestAndAnswer()
    {
        RecordingToExport recording = await RecordingToExport.BeginAsync();
        await recording.ClientAsync(0, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}""");
        await recording.ServerAsync(1, """{"jsonrpc":"2.0","id":1,"result":{"isError":true}}""");
        await recording.ClientAsync(2, """{"jsonrpc":"2.0","id":2,"method":"x"}""");
        await recording.ServerAsync(3, """{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"no"}}""");
        await recording.ClientAsync(4, """{"jsonrpc":"2.0","id":3,"method":"y"}""");
        await recording.ClientAsync(5, """{"jsonrpc":"2.0","id":4,"method":"z"}""", "exchange");
        await recording.ServerAsync(6, "gone", "exchange", ("exchange.end", "answered"), ("http.status", "404"), ("http.method", "POST"));
        await recording.ServerAsync(7, """{"jsonrpc":"2.0","id":99,"result":{}}""");
        await recording.ServerAsync(8, "no message");

        var page = new PageMarkup(await recording.ExportAsync(new HtmlExport()));

        Assert.Equal(
            ["tool error", "tool error", "error -32601", "error -32601", "no answer", "HTTP 404", "HTTP 404", "answers no request", "unreadable"],
            page.Messages.Select(message => message.Descendants("em").Single().Value));
        Assert.All(page.Messages, message => Assert.Contains("bad", PageMarkup.Classes(message)));
        Assert.Contains("4 failed", page.Header.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_EndsOfExchanges_SayWhatOfHttpTheyEnd()
    {
        RecordingToExport recording = await RecordingToExport.BeginAsync(new Session(SessionId.New(), TransportType.StreamableHttp));
        await recording.ServerAsync(0, "", "1", ("exchange.end", "answered"), ("http.method", "POST"), ("http.status", "202"));
        await recording.ServerAsync(1, "", "2", ("exchange.end", "answered"), ("http.method", "GET"), ("http.status", "405"));
        await recording.ServerAsync(2, "", "3", ("exchange.end", "answered"), ("http.method", "DELETE"), ("http.status", "500"));
        await recording.AddAsync(MessageDirection.Internal, 3, [], "4", ("exchange.end", "broken"), ("exchange.ended-by", "server"), ("http.method", "GET"));

        var page = new PageMarkup(await recording.ExportAsync(new HtmlExport()));

        Assert.Equal(["POST 202", "GET 405", "DELETE 500", "GET"], page.Messages.Select(message => PageMarkup.Part(message, "what")));
        Assert.Equal(["", "", "HTTP 500", "broken"], page.Messages.Select(message => PageMarkup.Part(message, "end")));
        Assert.All(page.Messages, message => Assert.Equal("end", PageMarkup.Part(message, "kind")));
    }

    [Fact]
    public async Task Export_MarkupInEverything_IsText()
    {
        RecordingToExport recording = await RecordingToExport.BeginAsync(new Session(SessionId.New(), TransportType.StreamableHttp)
        {
            CreatedAt = Make.At,
            ClientInfo = Peer.Create(Attack, Attack, Attack),
            ServerInfo = Peer.Create(Attack, Attack),
            VersionState = new VersionState { Negotiated = "<b>1</b>" },
            Tags = [new SessionTag("<script>alert(1)</script>")],
            Owner = new SessionOwner("<i>", Attack, "<u>"),
            Attributes = SessionAttributes.Create([new("<img src=x onerror=alert(1)>", Attack)]),
            TransportSessionId = Attack,
        }.AsClosed(SessionStatus.Failed, Attack));
        string text = JsonEncoded(Attack);
        await recording.ClientAsync(0, $$"""{"jsonrpc":"2.0","id":{{text}},"method":{{text}}}""", metadata: [(Attack, Attack)]);
        await recording.ServerAsync(1, $$"""{"jsonrpc":"2.0","id":{{text}},"error":{"code":1,"message":{{text}} } }""");
        await recording.ClientAsync(2, $$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":{{text}} } }""");
        await recording.ServerAsync(3, Attack);

        var page = new PageMarkup(await recording.ExportAsync(new HtmlExport()));

        foreach (XElement element in page.Header.DescendantsAndSelf().Concat(page.Main.DescendantsAndSelf()))
        {
            Assert.Contains(element.Name.LocalName, Elements);
            Assert.All(element.Attributes(), attribute => Assert.Contains(attribute.Name.LocalName, Attributes));
            Assert.Matches("^#m[0-9]+$", element.Attribute("href")?.Value ?? "#m0");
        }

        Assert.Equal(4, page.Messages.Count);
        Assert.Equal(Attack, page.Message(0).Attribute("data-method")?.Value);
        Assert.Equal($"tools/call {Attack}", PageMarkup.Part(page.Message(2), "what"));
        Assert.Equal(Attack, PageMarkup.Payload(page.Message(3)));
        Assert.Equal(2, page.Frame.Split("<script").Length);
        Assert.DoesNotContain("alert(1)<", page.Frame, StringComparison.Ordinal);
        Assert.DoesNotContain('<', page.Title);
    }

    [Fact]
    public async Task Export_Policy_AllowsThePagesOwnStyleAndScriptAlone()
    {
        RecordingToExport recording = await RecordingToExport.BeginAsync();
        string html = await recording.ExportAsync(new HtmlExport());

        string policy = PageMarkup.Inside(html, "<meta http-equiv=\"Content-Security-Policy\" content=\"", "\">");
        string script = PageMarkup.Inside(html, "<script>", "</script>");
        string style = PageMarkup.Inside(html, "<style>", "</style>");

        Assert.Equal($"default-src 'none'; style-src 'sha256-{Hash(style)}'; script-src 'sha256-{Hash(script)}'; base-uri 'none'; form-action 'none'", policy);
        Assert.NotEmpty(script);
        Assert.DoesNotContain("innerHTML", script, StringComparison.Ordinal);
        Assert.DoesNotContain("</", script + style, StringComparison.Ordinal);
        Assert.DoesNotContain("http", script + style, StringComparison.Ordinal);
        Assert.DoesNotMatch(" on[a-z]+=| style=|javascript:|{{", html.Replace(script, "", StringComparison.Ordinal));
        Assert.Contains("No message was recorded.", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_CharactersThatNobodySees_AreVisible()
    {
        RecordingToExport recording = await RecordingToExport.BeginAsync();
        await recording.AddAsync(MessageDirection.ServerToClient, 0, [0x1B, (byte)'[', (byte)'2', (byte)'J', 0, 0x7F, (byte)'\r', (byte)'\n', (byte)'\t', 0xFF]);
        await recording.ServerAsync(1, "\u202Eevil\u2028\u0085 \u200D größe 👩‍🚀");

        var page = new PageMarkup(await recording.ExportAsync(new HtmlExport()));

        Assert.Equal("\u241B[2J\u2400\u2421\u240D\n\t\uFFFD", PageMarkup.Payload(page.Message(0)));
        Assert.Contains("Not UTF-8", page.Message(0).Value, StringComparison.Ordinal);
        Assert.Equal("[U+202E]evil[U+2028][U+0085] \u200D größe 👩‍🚀", PageMarkup.Payload(page.Message(1)));
    }

    [Fact]
    public async Task Export_TrimmedRecording_SaysWhatIsMissing()
    {
        RecordingToExport recording = await RecordingToExport.BeginAsync();
        for (int number = 0; number < 250; number++)
        {
            await recording.ClientAsync(number, $$"""{"jsonrpc":"2.0","method":"n/{{number}}"}""");
        }

        await recording.Store.DeleteFramesAsync(recording.Session.Id, 7, TestContext.Current.CancellationToken);

        var page = new PageMarkup(await recording.ExportAsync(new HtmlExport()));

        Assert.Contains("the 7 oldest messages were trimmed", page.Header.Value, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(7, 243).Select(number => $"n/{number}"), page.Messages.Select(message => PageMarkup.Part(message, "what")));
        Assert.Equal([100, 100, 43], page.Main.Elements("section").Select(section => section.Elements("details").Count()));
    }

    private static string Hash(string content) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private static string JsonEncoded(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
