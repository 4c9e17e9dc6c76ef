using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>The list of sessions: what it shows, how it is searched, and that the keyboard does.</summary>
/// <param name="chromium">The browser.</param>
public sealed class SessionListTests(Chromium chromium) : BrowserTest(chromium)
{
    private ILocator Search => Page.GetByRole(AriaRole.Combobox, new() { Name = "Search sessions" });

    private ILocator Count => Page.Locator(".count");

    [Fact]
    public async Task List_OfAStore_ShowsTheNewestFirst()
    {
        await Everyday.FillAsync(Store);

        await OpenAsync();

        await Seen(Rows).ToHaveCountAsync(11);
        await Seen(Count).ToHaveTextAsync("11 sessions");
        await Seen(Rows.First).ToContainTextAsync("claude-code 2.1 → weather 1.4");
        await Seen(Rows.First).ToContainTextAsync("Active");
        await Seen(Rows.First).ToContainTextAsync("staging");
        await Seen(Row("postgres").First).ToContainTextAsync("Failed");
    }

    [Fact]
    public async Task Search_ByTheGrammar_ShowsWhatMatches()
    {
        await Everyday.FillAsync(Store);
        await OpenAsync();

        await Search.FillAsync("status:failed client:cursor");

        await Seen(Rows).ToHaveCountAsync(1);
        await Seen(Rows.First).ToContainTextAsync("postgres");
        await Seen(Page).ToHaveURLAsync(Pattern("q=status%3Afailed"));

        await Search.FillAsync("-status:failed -client:claude since:2h");

        await Seen(Rows).ToHaveCountAsync(2);
    }

    [Theory]
    [InlineData("statuz:failed", "There is no field statuz")]
    [InlineData("status:wrong", "status: has no value “wrong”")]
    [InlineData("since:yesterday", "since: does not take “yesterday”")]
    [InlineData("\"open", "A quote is open")]
    public async Task Search_ThatIsNotUnderstood_SaysSoUnderTheField(string text, string expected)
    {
        await Everyday.FillAsync(Store);
        await OpenAsync();

        await Search.FillAsync(text);

        await Seen(Page.Locator(".search-error")).ToContainTextAsync(expected);
        await Seen(Search).ToHaveAttributeAsync("aria-invalid", "true");
        await Seen(Rows).ToHaveCountAsync(11);
    }

    [Fact]
    public async Task Search_WithoutAMatch_SaysSo_AndIsClearedByOneClick()
    {
        await Everyday.FillAsync(Store);
        await OpenAsync();

        await Search.FillAsync("client:nobody");

        await Seen(Page.GetByRole(AriaRole.Heading, new() { Name = "No session matches" })).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Status).GetByRole(AriaRole.Button, new() { Name = "Clear the search" }).ClickAsync();
        await Seen(Rows).ToHaveCountAsync(11);
    }

    [Fact]
    public async Task Search_ThatIsTyped_ProposesFieldsAndValues()
    {
        await Everyday.FillAsync(Store);
        await OpenAsync();
        await Page.Keyboard.PressAsync("/");

        await Page.Keyboard.TypeAsync("stat");
        await Page.Keyboard.PressAsync("ArrowDown");
        await Page.Keyboard.PressAsync("Enter");
        await Seen(Search).ToHaveValueAsync("status:");
        await Page.GetByRole(AriaRole.Option, new() { Name = "status:timed-out" }).ClickAsync();

        await Seen(Rows).ToHaveCountAsync(1);
        await Seen(Rows.First).ToContainTextAsync("Timed out");
    }

    [Fact]
    public async Task Keys_MoveSelectAndOpen()
    {
        await Everyday.FillAsync(Store);
        await OpenAsync();
        await Seen(Rows).ToHaveCountAsync(11);

        await Page.Keyboard.PressAsync("Home");
        await Page.Keyboard.PressAsync("j");
        await Page.Keyboard.PressAsync("j");
        await Page.Keyboard.PressAsync("k");
        await Seen(Page.Locator(".current-row:not([hidden])")).ToContainTextAsync("github");
        await Page.Keyboard.PressAsync("x");
        await Page.Keyboard.PressAsync("j");
        await Page.Keyboard.PressAsync("j");
        await Page.Keyboard.PressAsync("Shift+X");
        await Seen(Page.GetByRole(AriaRole.Group, new() { Name = "Selected sessions" })).ToContainTextAsync("3 selected");
        await Page.Keyboard.PressAsync("Escape");
        await Seen(Page.GetByRole(AriaRole.Group, new() { Name = "Selected sessions" })).ToBeHiddenAsync();
        await Page.Keyboard.PressAsync("End");
        await Page.Keyboard.PressAsync("Enter");

        await Seen(Page.GetByRole(AriaRole.Heading, new() { Name = "claude-code 2.1 to filesystem 2026.8" })).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("g");
        await Seen(Count).ToHaveTextAsync("11 sessions");
    }

    [Fact]
    public async Task QuestionMark_ShowsTheHelp()
    {
        await OpenAsync();

        await Page.Keyboard.PressAsync("?");

        var help = Page.GetByRole(AriaRole.Dialog, new() { Name = "Help" });
        await Seen(help).ToContainTextAsync("Next / previous row");
        await Seen(help).ToContainTextAsync("transport:");
        await Page.Keyboard.PressAsync("Escape");
        await Seen(help).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Order_OldestFirst_TurnsTheListAround()
    {
        await Everyday.FillAsync(Store);
        await OpenAsync();

        await Page.GetByLabel("Order").SelectOptionAsync("oldest");

        await Seen(Rows.First).ToContainTextAsync("filesystem");
    }

    [Fact]
    public async Task List_WhileSessionsBegin_ShowsThemOnTop()
    {
        await Everyday.FillAsync(Store);
        await OpenAsync();
        await Seen(Rows).ToHaveCountAsync(11);

        var fresh = await Conversation.BeginAsync(Store, "newcomer");
        await Seen(Rows.First).ToContainTextAsync("newcomer");
        await fresh.CallAsync(1, "look");

        await Seen(Rows.First.Locator(".frames")).ToHaveTextAsync("2");
        await fresh.CloseAsync(SessionStatus.Failed);
        await Seen(Rows.First).ToContainTextAsync("Failed");
        await Store.DeleteSessionAsync(fresh.Id, Ct);
        await Seen(Rows).ToHaveCountAsync(11);
    }

    [Fact]
    public async Task List_OfManySessions_IsReadWhileItIsScrolled()
    {
        for (var number = 0; number < 700; number++)
        {
            await Conversation.BeginAsync(Store, $"client-{number}", ago: TimeSpan.FromMinutes(700 - number));
        }

        await OpenAsync();

        // What comes into sight is read first: the end is reached where all was read.
        while (await Count.TextContentAsync() is { } shown && shown != "700 sessions")
        {
            await Page.Keyboard.PressAsync("End");
            await Seen(Count).Not.ToHaveTextAsync(shown);
        }

        await Page.Keyboard.PressAsync("End");

        await Seen(Page.Locator(".current-row:not([hidden])")).ToContainTextAsync("client-0 ");
        Assert.InRange(await Rows.CountAsync(), 10, 60);
    }
}
