using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>Where there is nothing to show: the page says what is so, and what to do.</summary>
/// <param name="chromium">The browser.</param>
public sealed class DeadEndTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Store_ThatIsEmpty_SaysHowToFillIt()
    {
        await OpenAsync();

        await Seen(Heading("No sessions yet")).ToBeVisibleAsync();
        await Seen(Page.Locator(".list-empty")).ToContainTextAsync("shadowcat record --");
        await Conversation.BeginAsync(Store);
        await Seen(Heading("No sessions yet")).ToBeHiddenAsync();
        await Seen(Rows).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Store_ThatIsAway_SaysSo_AndIsAskedAgain()
    {
        await Everyday.FillAsync(Store);
        var store = new FailingStore(Store) { IsAway = true };
        Watch.AllowsRefusals = true;

        await OpenAsync(await StartAsync(store));
        await Seen(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("the server is away");
        await Seen(Page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToBeVisibleAsync();
        store.IsAway = false;

        await Seen(Rows).ToHaveCountAsync(11);
        await Seen(Page.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Session_ThatIsGone_SaysSo_AndLeadsToTheOthers()
    {
        await Everyday.FillAsync(Store);
        Watch.AllowsRefusals = true;

        await OpenAsync(await StartAsync(), "#/s/no-such-session");
        await Seen(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Sessions end when they expire or are deleted");
        await Page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link, new() { Name = "All sessions" }).ClickAsync();

        await Seen(Rows).ToHaveCountAsync(11);
    }

    [Fact]
    public async Task Session_WithoutFrames_SaysSo_AndShowsTheFirstThatComes()
    {
        var talk = await Conversation.BeginAsync(Store);
        await OpenAsync(await StartAsync(), talk.Id);

        await Seen(Heading("No frames yet")).ToBeVisibleAsync();
        await talk.CallAsync(1, "first");

        await Seen(Row("first").First).ToBeVisibleAsync();
        await Seen(Heading("No frames yet")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Frame_ThatWasTrimmed_SaysSo()
    {
        var talk = await Everyday.TalkAsync(Store);
        await Store.DeleteFramesAsync(talk.Id, 9, Ct);
        Watch.AllowsRefusals = true;

        await OpenAsync(await StartAsync(), talk.Id, "/f/2");

        await Seen(Panel.GetByRole(AriaRole.Alert)).ToContainTextAsync("The store keeps only the newest frames of this session.");
    }

    [Fact]
    public async Task SessionWhoseStoreIsAway_IsShownOnceItIsBack()
    {
        var store = new FailingStore(Store) { IsAway = true };
        var talk = await Everyday.TalkAsync(Store);
        Watch.AllowsRefusals = true;
        await OpenAsync(await StartAsync(store), talk.Id);
        await Seen(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("the server is away");

        store.IsAway = false;

        await Seen(Row("tools/list").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task FrameWhoseStoreIsAway_IsShownOnceItIsBack()
    {
        var store = new FailingStore(Store);
        var talk = await Everyday.TalkAsync(Store);
        Watch.AllowsRefusals = true;
        await OpenAsync(await StartAsync(store), talk.Id);
        await Seen(Row("tools/list").First).ToBeVisibleAsync();
        store.IsAway = true;
        await Row("tools/list").First.ClickAsync();
        await Seen(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("the server is away");

        store.IsAway = false;

        await Seen(Page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("jsonrpc");
    }

    private ILocator Heading(string text) => Page.GetByRole(AriaRole.Heading, new() { Name = text });
}
