using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>A recording that attacks whoever looks at it. Each test fails where a dialog opens, another host is asked, the content policy is broken or an error is written.</summary>
/// <param name="chromium">The browser.</param>
public sealed class HostileTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Markup = "</script></title></style><script>alert(1)</script><img src=//evil.example/x onerror=alert(2)><svg onload=alert(3)>\" onmouseover=\"alert(4)\" '{{7*7}}${7*7}<!--";
    private const string Link = "javascript:alert(5)";
    private const string Hidden = "\u202Egnp.exe\u202C\u200B\u2066\u001b[2J\u0007\u2028.";
    private const string Escaped = "\\u202Egnp.exe\\u202C\\u200B\\u2066\\u001B[2J\\u0007\\u2028.";
    private const int Levels = 100_000;

    [Fact]
    public async Task NamesTagsAndReasons_StayText_InTheListAndTheHead()
    {
        var id = await RecordAsync();
        var application = await StartAsync();

        await OpenAsync(application);
        await Seen(Rows.First).ToContainTextAsync("<script>alert(1)</script>");
        await Rows.First.HoverAsync();
        await OpenAsync(application, id);
        await Page.Locator("summary", new() { HasText = "Details" }).ClickAsync();

        await Seen(Page.Locator(".close-reason")).ToContainTextAsync("<script>alert(1)</script>");
        await Seen(Page.Locator(".facts")).ToContainTextAsync(Link);
        await HasNoMarkupAsync();
    }

    [Fact]
    public async Task Frames_StayText_InTheTimelineAndOpen()
    {
        var id = await RecordAsync();
        await OpenAsync(await StartAsync(), id);
        await Seen(Row("error 1").First).ToContainTextAsync("<img src=//evil.example/x");

        foreach (var frame in Enumerable.Range(0, 6))
        {
            await Page.Keyboard.PressAsync(frame == 0 ? "Home" : "j");
            await Page.Keyboard.PressAsync("Enter");
            await Seen(Panel.GetByRole(AriaRole.Heading).First).ToContainTextAsync($"#{frame} ");
            foreach (var tab in new[] { "Text", "Bytes", "Details", "JSON" })
            {
                await Page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();
                await Seen(Panel.Locator(".panel-content").Locator("> *").First).ToBeVisibleAsync();
            }

            await Page.Keyboard.PressAsync("Escape");
            await Seen(Panel).ToBeHiddenAsync();
        }

        await HasNoMarkupAsync();
    }

    [Fact]
    public async Task CharactersThatAreNotSeen_AreShownAsWhatTheyAre()
    {
        var talk = await Conversation.BeginAsync(Store);
        await talk.ServerAsync($$$"""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":{{{JsonSerializer.Serialize(Hidden)}}}} }""");
        await talk.ClientAsync("""{"jsonrpc":"2.0","method":"halves","params":{"half":"\ud800","other":"\udc00x"}}""");
        await talk.AddAsync(MessageDirection.ServerToClient, Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"method\":\"{Hidden[..^8]}\"}}"));
        await OpenAsync(await StartAsync(), talk.Id, "/f/1");

        await Seen(Row("error 1")).ToContainTextAsync(Escaped);
        await Seen(Row("gnp").Nth(1)).ToContainTextAsync(Escaped[..Escaped.IndexOf("\\u2066", StringComparison.Ordinal)]);
        await Seen(Panel).ToContainTextAsync("\"half\": \"\\ud800\"");
        await Seen(Panel).ToContainTextAsync("\"other\": \"\\udc00x\"");
        await Page.GetByRole(AriaRole.Tab, new() { Name = "Text" }).ClickAsync();
        await Seen(Panel.GetByLabel("Message as text")).ToContainTextAsync("\\ud800");
        Assert.DoesNotMatch("[\u202A-\u202E\u2066-\u2069\u001b]", await Page.Locator("body").InnerTextAsync());
    }

    [Fact]
    public async Task Json_OfAHundredThousandLevels_Opens()
    {
        var talk = await Conversation.BeginAsync(Store);
        await talk.ClientAsync($$"""{"jsonrpc":"2.0","id":1,"method":"deep","params":{{new string('[', Levels)}}{{new string(']', Levels)}}}""");
        await OpenAsync(await StartAsync(), talk.Id, "/f/0");

        await Seen(Panel).ToContainTextAsync("\"method\": \"deep\"");
        await Button("Unfold").ClickAsync();
        await Panel.GetByRole(AriaRole.Grid, new() { Name = "Formatted message" }).FocusAsync();
        await Page.Keyboard.PressAsync("End");

        await Seen(Panel.Locator(".json-line.current-row")).ToHaveTextAsync("}", new() { UseInnerText = true });
    }

    [Fact]
    public async Task WhatIsNoMessage_IsShown()
    {
        var talk = await Conversation.BeginAsync(Store);
        byte[][] payloads = [[0x1B, (byte)'[', (byte)'2', (byte)'J', 0, 0x7F, 0xFF, 0xC0], "{\"jsonrpc\":"u8.ToArray(), "[1,2"u8.ToArray(), "null"u8.ToArray(), "\"text\""u8.ToArray(), "{\"a\":1,\"a\":2}} trailing"u8.ToArray(), "{\"n\":1e999,\"m\":-0,\"t\":01}"u8.ToArray()];
        foreach (var payload in payloads)
        {
            await talk.AddAsync(MessageDirection.ServerToClient, payload);
        }

        await OpenAsync(await StartAsync(), talk.Id);
        await Seen(Row("Not JSON-RPC")).ToHaveCountAsync(payloads.Length);
        for (var frame = 0; frame < payloads.Length; frame++)
        {
            await Page.Keyboard.PressAsync(frame == 0 ? "Home" : "j");
            await Page.Keyboard.PressAsync("Enter");
            await Seen(Panel.GetByRole(AriaRole.Heading).First).ToContainTextAsync($"#{frame} ");
            await Seen(Panel.GetByRole(AriaRole.Grid, new() { Name = "Formatted message" })).ToBeVisibleAsync();
            await Page.Keyboard.PressAsync("Escape");
            await Seen(Panel).ToBeHiddenAsync();
        }
    }

    [Theory]
    [InlineData("#/s/%00%FF/f/99999999999999999999")]
    [InlineData("#/s/<img src=x onerror=alert(1)>?q=<script>alert(1)</script>")]
    [InlineData("#/compare/a/b?by=__proto__")]
    [InlineData("#//evil.example/")]
    public async Task Address_ThatWasMadeUp_DoesNoHarm(string route)
    {
        Watch.AllowsRefusals = true;

        await OpenAsync(await StartAsync(), route);

        await Seen(Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Heading).First).ToBeAttachedAsync();
        await HasNoMarkupAsync();
    }

    /// <summary>Nothing recorded became an element, a link that runs or an attribute that listens.</summary>
    private async Task HasNoMarkupAsync()
    {
        Assert.Equal(0, await Page.Locator("#app img, #app script, #app iframe, [onmouseover], [onerror], [onload]").CountAsync());
        var links = await Page.EvaluateAsync<string[]>("[...document.querySelectorAll('a[href]')].map((link) => link.protocol)");
        Assert.All(links, static protocol => Assert.Equal("http:", protocol));
    }

    private async Task<SessionId> RecordAsync()
    {
        var attack = JsonSerializer.Serialize(Markup);
        var talk = await Conversation.BeginAsync(Store, configure: static session => session with
        {
            ClientInfo = Peer.Create(Markup, Link, Markup),
            ServerInfo = Peer.Create(Link, Markup),
            VersionState = new VersionState { Negotiated = "<b>1</b>" },
            Tags = [new SessionTag("<script>alert(1)</script>")],
            Attributes = SessionAttributes.Create([new("<img src=x onerror=alert(6)>", Link), new("__proto__", "constructor")]),
            TransportSessionId = "<svg/onload=alert(7)>",
        });
        await talk.ClientAsync($$"""{"jsonrpc":"2.0","id":{{attack}},"method":{{attack}}}""", 5, "<i>x</i>", ("<img src=x onerror=alert(8)>", Markup), ("http.header.<b>", Link));
        await talk.ServerAsync($$$"""{"jsonrpc":"2.0","id":{{{attack}}},"error":{"code":1,"message":{{{attack}}},"data":{{{attack}}} } }""");
        await talk.ClientAsync($$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":{{{attack}}},"arguments":{"__proto__":{{{attack}}},"constructor":{"prototype":1},"toString":"x"} } }""");
        await talk.ClientAsync($$$"""{"jsonrpc":"2.0","id":3,"method":"resources/read","params":{"uri":"{{{Link}}}"} }""");
        await talk.ServerAsync("""{"jsonrpc":"2.0","method":"__proto__","params":{"level":"constructor","progressToken":"hasOwnProperty"}}""");
        await talk.AddAsync(MessageDirection.ServerToClient, Markup);
        await talk.CloseAsync(SessionStatus.Failed, Markup);
        return talk.Id;
    }
}
