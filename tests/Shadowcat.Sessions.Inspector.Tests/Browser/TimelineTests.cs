using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>A session on its page: the timeline of two lanes, what belongs together, and what went wrong.</summary>
/// <param name="chromium">The browser.</param>
public sealed class TimelineTests(Chromium chromium) : BrowserTest(chromium)
{
    private ILocator Filter => Page.GetByRole(AriaRole.Combobox, new() { Name = "Filter frames" });

    private ILocator Note => Page.Locator(".list-note");

    [Fact]
    public async Task Session_ThatIsOpenedFromTheList_ShowsWhoTalksAndWhatWasSaid()
    {
        await Everyday.FillAsync(Store);
        await OpenAsync();

        await Rows.First.GetByRole(AriaRole.Link).ClickAsync();

        await Seen(Page.GetByRole(AriaRole.Heading, new() { Name = "claude-code 2.1 to weather 1.4" })).ToBeVisibleAsync();
        await Seen(Page.Locator(".session-head")).ToContainTextAsync("MCP 2025-11-25");
        await Seen(Page.Locator(".from-client:not([hidden])").Filter(new() { HasText = "make_report" }).Locator(".lane-client")).ToContainTextAsync("tools/call");
        await Seen(Page.Locator(".from-server:not([hidden])").Filter(new() { HasText = "make_report" }).Locator(".lane-server")).ToContainTextAsync("result");
        await Seen(Page.GetByRole(AriaRole.Columnheader, new() { Name = "Server · weather" })).ToBeVisibleAsync();
        await Page.GoBackAsync();
        await Seen(Rows).ToHaveCountAsync(11);
    }

    [Fact]
    public async Task Details_OfASession_SayWhatIsKnownOfIt()
    {
        var talk = await Everyday.TalkAsync(Store);
        await talk.CloseAsync(SessionStatus.Failed, "the server exited with 139");
        await OpenAsync(await StartAsync(), talk.Id);

        await Page.GetByText("Details", new() { Exact = true }).First.ClickAsync();

        var facts = Page.Locator(".facts");
        await Seen(facts).ToContainTextAsync("deploymentblue");
        await Seen(facts).ToContainTextAsync("mcp-7f3a");
        await Seen(facts).ToContainTextAsync("attempts: 2025-11-25 → 2025-11-25");
        await Seen(facts).ToContainTextAsync(talk.Id.Value);
        await Seen(Page.Locator(".close-reason")).ToHaveTextAsync("Closed: the server exited with 139");
    }

    [Fact]
    public async Task Call_AndItsAnswer_AreJoinedWithTheTimeItTook()
    {
        var talk = await Conversation.BeginAsync(Store);
        await talk.ClientAsync(Conversation.Request(1, "tools/call", """{"name":"slow"}"""));
        await talk.CallAsync(2, "quick", 30);
        await talk.ServerAsync(Conversation.Result(1), 800);

        await OpenAsync(await StartAsync(), talk.Id);

        await Seen(Row("slow").First.Locator(".outcome")).ToHaveTextAsync("835 ms");
        await Seen(Row("quick").First.Locator(".outcome")).ToHaveTextAsync("30 ms");

        // The answer carries neither method nor name: it has them from its request.
        await Seen(Rows.Filter(new() { Has = Page.Locator(".lane-server", new() { HasText = "result" }) }).Last).ToContainTextAsync("tools/call  slow");
        var slow = await Row("slow").First.Locator(".bar").BoundingBoxAsync();
        var quick = await Row("quick").First.Locator(".bar").BoundingBoxAsync();
        Assert.InRange(slow!.Width / quick!.Width, 5, 100);
    }

    [Fact]
    public async Task Error_IsRedAndNamed()
    {
        var talk = await Everyday.TalkAsync(Store);

        await OpenAsync(await StartAsync(), talk.Id, "?q=status:error");

        await Seen(Rows).ToHaveCountAsync(4);
        var error = Row("error -32602 Unknown tool: no_such_tool");
        await Seen(error).ToHaveClassAsync(Pattern(@"\bbad\b"));
        await Seen(Row("tool error").First).ToContainTextAsync("get_alerts");
        var colour = await error.Locator(".lane-server .main").EvaluateAsync<string>("(element) => getComputedStyle(element).color");
        var channels = Pattern(@"[\d.]+").Matches(colour).Select(static match => double.Parse(match.Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.True(channels[0] > channels[1] + 40 && channels[0] > channels[2] + 40, $"{colour} is not red");
    }

    [Fact]
    public async Task WhatIsNoAnswer_IsShownAsWhatItIs()
    {
        var talk = await Everyday.TalkAsync(Store);

        await OpenAsync(await StartAsync(), talk.Id);

        await Seen(Row("packing_list")).ToContainTextAsync("3 not recorded");
        await Seen(Row("packing_list").Locator(".outcome")).ToHaveTextAsync("pending");
        await Seen(Row("get_history").First.Locator(".outcome")).ToHaveTextAsync("cancelled");
        await Seen(Row("notifications/cancelled")).ToContainTextAsync("request 7");
        await Seen(Row("get_radar").First.Locator(".outcome")).ToHaveTextAsync("no answer");
        await Seen(Row("Exchange ended")).ToContainTextAsync("answered by the server");
        await Seen(Row("Exchange ended")).ToContainTextAsync("HTTP 502");
        await Seen(Row("sampling/createMessage").First.Locator(".lane-server")).ToContainTextAsync("sampling/createMessage");
    }

    [Fact]
    public async Task Progress_StandsUnderItsCall()
    {
        var talk = await Everyday.TalkAsync(Store);

        await OpenAsync(await StartAsync(), talk.Id, "?by=call");

        await Seen(Row("get_forecast").First).ToContainTextAsync("4 frames");
        await Row("get_forecast").First.ClickAsync();
        await Row("get_forecast").First.ClickAsync();
        await Seen(Row("notifications/progress")).ToHaveCountAsync(2);
        await Seen(Row("notifications/progress").First).ToHaveClassAsync(Pattern(@"\bnested\b"));
    }

    [Fact]
    public async Task PollsOfATask_AndRetriesWithAState_AreOneConversation()
    {
        var talk = await Everyday.TalkAsync(Store);

        await OpenAsync(await StartAsync(), talk.Id, "?by=call");

        await Seen(Row("make_report").First).ToContainTextAsync("4 frames");
        await Seen(Row("tasks/get")).ToHaveCountAsync(0);
        await Seen(Row("book_table")).ToHaveCountAsync(1);
        await Seen(Row("book_table")).ToContainTextAsync("4 frames");
    }

    [Fact]
    public async Task FramesThatWereTrimmed_AreSaidToBe()
    {
        var talk = await Everyday.TalkAsync(Store);
        await Store.DeleteFramesAsync(talk.Id, 9, Ct);

        await OpenAsync(await StartAsync(), talk.Id);

        await Seen(Note).ToHaveTextAsync("Frames before #9 were trimmed by the store.");
        await Seen(Row("initialize")).ToHaveCountAsync(0);
        await Seen(Rows.First).ToContainTextAsync("9");
    }

    [Theory]
    [InlineData("method:tools/list", 2)]
    [InlineData("tool:get_forecast kind:request", 2)]
    [InlineData("dir:server kind:request", 1)]
    [InlineData("id:q1", 2)]
    [InlineData("level:warning", 1)]
    [InlineData("status:pending", 1)]
    [InlineData("slower:500ms", 2)]
    [InlineData("error:-32602", 1)]
    [InlineData("umbrella", 0)]
    public async Task Filter_ByTheGrammar_ShowsWhatMatches(string filter, int expected)
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(), talk.Id);

        await Filter.FillAsync(filter);

        await Seen(Rows).ToHaveCountAsync(expected);
        if (expected == 0)
        {
            await Seen(Page.GetByRole(AriaRole.Heading, new() { Name = "No frame matches the filter" })).ToBeVisibleAsync();
        }
        else
        {
            await Seen(Note).ToContainTextAsync($"{expected} frames of 33 frames");
        }
    }

    [Fact]
    public async Task Filter_ThatIsNotUnderstood_SaysSo()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(), talk.Id);

        await Filter.FillAsync("slower:often");

        await Seen(Page.Locator(".search-error")).ToContainTextAsync("slower: does not take “often”");
    }

    [Fact]
    public async Task Keys_MoveThroughFramesAndWhatBelongsTogether()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(), talk.Id);
        await Seen(Row("packing_list")).ToBeVisibleAsync();

        await Page.Keyboard.PressAsync("Home");
        for (var step = 0; step < 5; step++)
        {
            await Page.Keyboard.PressAsync("j");
        }

        await Page.Keyboard.PressAsync("Enter");
        await Seen(Panel).ToContainTextAsync("#5 request tools/call get_forecast");
        await Page.Keyboard.PressAsync("]");
        await Seen(Panel).ToContainTextAsync("#6 notification notifications/progress");
        await Page.Keyboard.PressAsync("[");
        await Seen(Panel).ToContainTextAsync("#5 request");
        await Seen(Page.Locator(".together:not([hidden])")).ToHaveCountAsync(4);
        await Page.Keyboard.PressAsync("Escape");
        await Seen(Panel).ToBeHiddenAsync();
        await Page.Keyboard.PressAsync("c");
        await Seen(Page).ToHaveURLAsync(Pattern("by=call"));
    }
}
