using System.Globalization;
using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>One frame: as JSON, as text, as bytes, and what is known beside it.</summary>
/// <param name="chromium">The browser.</param>
public sealed class FrameTests(Chromium chromium) : BrowserTest(chromium)
{
    private ILocator Json => Page.GetByRole(AriaRole.Grid, new() { Name = "Formatted message" });

    private ILocator Lines => Json.Locator(".json-line:not([hidden])");

    private ILocator Find => Page.GetByRole(AriaRole.Searchbox, new() { Name = "Find in this message" });

    [Fact]
    public async Task Frame_ThatIsClicked_OpensAsJsonThatFolds()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(), talk.Id);

        await Row("get_forecast").First.ClickAsync();

        await Seen(Lines.Nth(1)).ToHaveTextAsync("\"jsonrpc\": \"2.0\",", new() { UseInnerText = true });
        var all = await Lines.CountAsync();
        await Lines.Filter(new() { HasText = "\"arguments\"" }).ClickAsync();
        await Seen(Lines.Filter(new() { HasText = "\"arguments\"" })).ToContainTextAsync("2 members");
        await Seen(Lines).ToHaveCountAsync(all - 3);
        await Page.Keyboard.PressAsync("ArrowRight");
        await Seen(Lines).ToHaveCountAsync(all);
        await Seen(Page).ToHaveURLAsync(Pattern($"/s/{talk.Id}/f/5$"));
    }

    [Fact]
    public async Task Frame_AsTextAndBytes_IsWhatWasRecorded()
    {
        var talk = await Conversation.BeginAsync(Store);
        const string Written = """{ "jsonrpc" : "2.0","method":"b\u0061re",  "params":{"big":12345678901234567890.10} }""";
        await talk.ClientAsync(Written);
        await OpenAsync(await StartAsync(), talk.Id, "/f/0");
        await Seen(Lines.Filter(new() { HasText = "12345678901234567890.10" })).ToHaveCountAsync(1);

        await Page.GetByRole(AriaRole.Tab, new() { Name = "Text" }).ClickAsync();
        await Seen(Page.GetByLabel("Message as text")).ToHaveTextAsync(Written);
        await Page.GetByRole(AriaRole.Tab, new() { Name = "Bytes" }).ClickAsync();

        var bytes = Page.GetByRole(AriaRole.Grid, new() { Name = "Bytes" });
        await Seen(bytes).ToContainTextAsync("7b 20 22 6a 73 6f 6e 72 70 63");
        await Seen(bytes).ToContainTextAsync("{ \"jsonrpc\" : \"2");
    }

    [Fact]
    public async Task Details_OfAFrame_HoldItsMetadataAndHeaders()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(), talk.Id, "/f/1");

        await Page.GetByRole(AriaRole.Tab, new() { Name = "Details" }).ClickAsync();

        await Seen(Panel).ToContainTextAsync("content-type");
        await Seen(Panel).ToContainTextAsync("application/json");
        await Seen(Panel).ToContainTextAsync("Took24 ms");
        await Seen(Panel).ToContainTextAsync("Conversation, 2 frames");
        await Panel.GetByRole(AriaRole.Link, new() { Name = "#0" }).ClickAsync();
        await Seen(Panel.GetByRole(AriaRole.Heading).First).ToContainTextAsync("#0 request initialize");
    }

    [Fact]
    public async Task Find_InAMessage_GoesFromOneFindingToTheNext()
    {
        var talk = await Conversation.BeginAsync(Store);
        var items = string.Join(',', Enumerable.Range(0, 2000).Select(static number => $$"""{"number":{{number}},"word":"{{(number % 1000 == 500 ? "Needle" : "hay")}}"}"""));
        await talk.ClientAsync($$"""{"jsonrpc":"2.0","method":"stack","params":[{{items}}]}""");
        await OpenAsync(await StartAsync(), talk.Id, "/f/0");

        await Find.FillAsync("needle");

        await Seen(Panel).ToContainTextAsync("1 of 2");
        await Seen(Json.Locator(".found:not([hidden])")).ToContainTextAsync("Needle");
        await Find.PressAsync("Enter");
        await Seen(Panel).ToContainTextAsync("2 of 2");
        await Find.FillAsync("needless");
        await Seen(Panel).ToContainTextAsync("not found");
    }

    [Fact]
    public async Task Body_OfMebibytes_IsCut_AndShownOnRequest()
    {
        var talk = await Conversation.BeginAsync(Store);
        var items = string.Join(',', Enumerable.Range(0, 60_000).Select(static number => $$"""{"number":{{number}},"text":"{{new string('x', 20)}}"}"""));
        await talk.ServerAsync($$"""{"jsonrpc":"2.0","id":1,"result":{"rows":[{{items}}],"last":"the end"} }""");
        await OpenAsync(await StartAsync(), talk.Id, "/f/0");

        await Seen(Panel.Locator(".panel-size")).ToContainTextAsync("The first 256 KiB of 2.7 MiB.");
        await Seen(Panel).ToContainTextAsync("The message goes on");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();

        await Seen(Panel.Locator(".panel-size")).ToContainTextAsync(Pattern(@"^2\D\d{3}\D\d{3} bytes$"));
        await Seen(Panel.GetByText("The message goes on")).ToBeHiddenAsync();
        await Find.FillAsync("the end");
        await Seen(Panel).ToContainTextAsync("1 of 1");
        await Seen(Json.Locator(".found:not([hidden])")).ToContainTextAsync("\"last\": \"the end\"", new() { UseInnerText = true });
    }

    [Fact(DisableParallelization = true)]
    public async Task LinkToAFrame_IsCopied_AndLeadsThere()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(), talk.Id, "/f/14?q=tool:no_such");
        await Seen(Panel.GetByRole(AriaRole.Heading).First).ToContainTextAsync("#14");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Copy a link to this frame" }).ClickAsync();
        var link = await Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        await Page.GotoAsync("about:blank");
        await Page.GotoAsync(link);

        await Seen(Panel.GetByRole(AriaRole.Heading).First).ToContainTextAsync("#14");
        await Seen(Rows.First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task LinkToAFrame_FarBack_BringsItIntoSight()
    {
        var talk = await Conversation.BeginAsync(Store);
        for (var id = 0; id < 1500; id++)
        {
            await talk.CallAsync(id, string.Create(CultureInfo.InvariantCulture, $"tool-{id}"));
        }

        await OpenAsync(await StartAsync(), talk.Id, "/f/40");

        await Seen(Panel.GetByRole(AriaRole.Heading).First).ToContainTextAsync("#40 request tools/call tool-20");
        await Seen(Page.Locator(".current-row:not([hidden])")).ToContainTextAsync("tool-20");
        await Seen(Page.Locator(".current-row:not([hidden])")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Frame_ThatCannotBeRead_SaysSo_AndTheOthersAreThere()
    {
        var store = new FailingStore(Store);
        var talk = await Everyday.TalkAsync(Store);
        store.Unreadable.Add(6);
        Watch.AllowsRefusals = true;

        await OpenAsync(await StartAsync(store), talk.Id);

        await Seen(Row("Unreadable")).ToContainTextAsync("the frame has another format");
        await Seen(Row("notifications/progress")).ToHaveCountAsync(1);
        await Row("Unreadable").ClickAsync();
        await Seen(Panel).ToContainTextAsync("cannot be read");
        await Seen(Panel).ToContainTextAsync("the frame has another format");
    }

    [Fact(DisableParallelization = true)]
    public async Task Message_ThatIsCopied_IsOnTheClipboard()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(), talk.Id, "/f/3");
        await Seen(Lines.First).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Copy the message" }).ClickAsync();

        await Seen(Page.GetByText("Copied the message.")).ToBeVisibleAsync();
        Assert.Contains("\"method\": \"tools/list\"", await Page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);
    }
}
