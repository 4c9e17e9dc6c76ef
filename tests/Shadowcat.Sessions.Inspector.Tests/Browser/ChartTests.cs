using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>The charts of a session, and two sessions side by side.</summary>
/// <param name="chromium">The browser.</param>
public sealed class ChartTests(Chromium chromium) : BrowserTest(chromium)
{
    private ILocator Charts => Page.GetByRole(AriaRole.Region, new() { Name = "Charts" });

    [Fact]
    public async Task Charts_OfASession_CountItsCallsAndTimes()
    {
        var talk = await Conversation.BeginAsync(Store);
        for (var id = 1; id <= 20; id++)
        {
            await talk.CallAsync(id, id % 2 == 0 ? "even" : "odd", id * 10);
        }

        await talk.ClientAsync(Conversation.Request(30, "resources/read", """{"uri":"note://1"}"""));
        await talk.ServerAsync(Conversation.Error(30, -32002, "not there"), 3);
        await OpenAsync(await StartAsync(), talk.Id);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Charts" }).ClickAsync();

        await Seen(Charts.GetByRole(AriaRole.Heading, new() { Name = "Messages per second" })).ToBeVisibleAsync();
        await Seen(Charts.Locator(".numbers")).ToContainTextAsync("Calls21");
        await Seen(Charts.Locator(".numbers")).ToContainTextAsync("Errors1 (4.8 %)");
        await Seen(ChartRow("tools/call")).ToContainTextAsync("100 ms");
        await Seen(ChartRow("tools/call even")).ToContainTextAsync("200 ms");
        await Seen(Charts.Locator(".slowest li").First).ToContainTextAsync("tools/call even");
        await Charts.Locator(".slowest li").First.GetByRole(AriaRole.Link).ClickAsync();
        await Seen(Panel).ToContainTextAsync("#38 request tools/call even");
    }

    [Fact]
    public async Task Charts_OfWhatTheFilterSelects_CountThatAlone()
    {
        var talk = await Everyday.TalkAsync(Store);

        await OpenAsync(await StartAsync(), talk.Id, "/charts?q=tool:get_forecast");

        await Seen(Charts.Locator(".numbers")).ToContainTextAsync("Calls2");
        await Seen(ChartRow("resources/read")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Charts_WhileFramesCome_AreMadeAnew()
    {
        var talk = await Conversation.BeginAsync(Store);
        await talk.CallAsync(1, "one");
        await OpenAsync(await StartAsync(), talk.Id, "/charts");
        await Seen(Charts.Locator(".numbers")).ToContainTextAsync("Calls1");

        await talk.CallAsync(2, "two");

        await Seen(Charts.Locator(".numbers")).ToContainTextAsync("Calls2");
    }

    [Fact]
    public async Task Compare_OfTwoSessions_MarksWhatDiffers()
    {
        var (left, right) = (await Conversation.BeginAsync(Store, "left"), await Conversation.BeginAsync(Store, "right"));
        await left.CallAsync(1, "same");
        await right.CallAsync(1, "same");
        await left.CallAsync(2, "other", text: "one");
        await right.CallAsync(2, "other", text: "three");
        await left.CallAsync(3, "only_left");
        await right.CallAsync(4, "only_right");
        await OpenAsync(await StartAsync(), $"#/compare/{left.Id}/{right.Id}");

        await Seen(Page.Locator(".list-note")).ToHaveTextAsync("1 alike, 1 differ, 1 only left, 1 only right");
        await Page.GetByLabel("Only what differs").CheckAsync();
        await Seen(Rows).ToHaveCountAsync(3);
        await Row("other").ClickAsync();

        var messages = Page.GetByRole(AriaRole.Region, new() { Name = "Messages", Exact = true });
        await Seen(messages.Locator(".marked.left")).ToHaveTextAsync("\"text\": \"one\"");
        await Seen(messages.Locator(".marked.right")).ToHaveTextAsync("\"text\": \"three\"");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Swap" }).ClickAsync();
        await Seen(Page.Locator(".compare-head").First).ToContainTextAsync("right 2.1");
    }

    [Fact]
    public async Task Compare_FromASession_OffersTheOthers()
    {
        await Everyday.FillAsync(Store);
        await OpenAsync();
        await Rows.First.GetByRole(AriaRole.Link).ClickAsync();

        await Button("Compare…").ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Link).First.ClickAsync();

        await Seen(Page.Locator(".compare-head").Nth(1)).ToContainTextAsync("github");
    }

    private ILocator ChartRow(string name) => Charts.Locator("tr").Filter(new() { Has = Page.GetByRole(AriaRole.Rowheader, new() { Name = name, Exact = true }) });
}
