using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>A session that goes on while it is looked at: what comes is shown, and the page says when it does not come.</summary>
/// <param name="chromium">The browser.</param>
public sealed class LiveTests(Chromium chromium) : BrowserTest(chromium)
{
    private ILocator Pill => Page.Locator(".pill");

    [Fact]
    public async Task Frames_ThatCome_AreShown()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(), talk.Id);
        await Seen(Pill).ToContainTextAsync("Live");
        await Seen(Row("packing_list").Locator(".outcome")).ToHaveTextAsync("pending");

        await talk.ServerAsync(Conversation.Result(13), 77);
        await Seen(Row("packing_list").First.Locator(".outcome")).ToHaveTextAsync("77 ms");
        await talk.CallAsync(20, "come_late");

        await Seen(Row("come_late").First).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Pause_HoldsTheTimeline_AndResumeBringsWhatCameMeanwhile()
    {
        var talk = await Everyday.TalkAsync(Store);
        var application = await StartAsync();
        await OpenAsync(application, talk.Id);
        await Seen(Pill).ToContainTextAsync("Live");

        await Button("Pause").ClickAsync();
        await Seen(Pill).ToContainTextAsync("Paused");
        await talk.CallAsync(20, "while_paused");

        // A second page shows it: so it was there to be shown.
        var other = await Page.Context.NewPageAsync();
        await other.GotoAsync(Page.Url);
        await Seen(other.Locator(".list-row:not([hidden])").Filter(new() { HasText = "while_paused" }).First).ToBeVisibleAsync();
        await Seen(Row("while_paused")).ToHaveCountAsync(0);
        await Button("Resume").ClickAsync();

        await Seen(Row("while_paused").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task ScrollingUp_LeavesTheEnd_AndOneClickLeadsBack()
    {
        var talk = await Conversation.BeginAsync(Store);
        for (var id = 0; id < 60; id++)
        {
            await talk.CallAsync(id, "before");
        }

        await OpenAsync(await StartAsync(), talk.Id);
        await Seen(Row("119")).ToBeInViewportAsync();
        await Page.Keyboard.PressAsync("Home");
        await talk.CallAsync(100, "after");

        await Seen(Button("2 new")).ToBeVisibleAsync();
        await Seen(Page.Locator(".current-row:not([hidden])")).ToBeInViewportAsync();
        await Button("2 new").ClickAsync();

        await Seen(Row("after").First).ToBeInViewportAsync();
        await talk.CallAsync(101, "afterwards");
        await Seen(Row("afterwards").First).ToBeInViewportAsync();
    }

    [Fact]
    public async Task ServerThatRestarts_IsFoundAgainWithoutAReload()
    {
        var talk = await Everyday.TalkAsync(Store);
        var first = await StartAsync();
        await OpenAsync(first, talk.Id);
        await Seen(Pill).ToContainTextAsync("Live");
        await Page.EvaluateAsync("window.isFirstLoad = true");
        Watch.AllowsRefusals = true;

        await first.DisposeAsync();
        await Seen(Pill).ToContainTextAsync("Not live: the server does not answer");
        await talk.CallAsync(20, "while_down");
        Keep(await InspectedApplication.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<ISessionStore>(Store);
                builder.WebHost.UseUrls(first.Address.AbsoluteUri);
            },
            static application => application.MapSessionInspector(InspectedApplication.Path).AllowAnonymous()));

        await Seen(Row("while_down").First).ToBeVisibleAsync();
        await Seen(Pill).ToContainTextAsync("Live");
        Assert.True(await Page.EvaluateAsync<bool>("window.isFirstLoad"));
    }

    [Fact]
    public async Task StoreThatGoesAway_IsSaidToBe_AndFollowedAgain()
    {
        var store = new FailingStore(Store);
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(store), talk.Id);
        await Seen(Pill).ToContainTextAsync("Live");

        store.IsAway = true;
        await Seen(Pill).ToContainTextAsync("Not live: the store is away");
        store.IsAway = false;
        await talk.CallAsync(20, "back_again");

        await Seen(Row("back_again").First).ToBeVisibleAsync();
        await Seen(Pill).ToHaveTextAsync(Pattern("^Live"));
    }

    [Fact]
    public async Task SessionThatIsClosed_IsComplete()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(), talk.Id);
        await Seen(Pill).ToContainTextAsync("Live");

        await talk.CloseAsync(SessionStatus.Failed, "the server exited with 139");

        await Seen(Pill).ToHaveTextAsync("Complete");
        await Seen(Page.Locator(".close-reason")).ToContainTextAsync("the server exited with 139");
        await Seen(Page.Locator(".session-head .status")).ToHaveTextAsync("Failed");
    }

    [Fact]
    public async Task SessionThatIsDeleted_StaysOnThePage_WhichSaysThatItIsGone()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(), talk.Id);
        await Seen(Pill).ToContainTextAsync("Live");

        await Store.DeleteSessionAsync(talk.Id, Ct);

        await Seen(Pill).ToContainTextAsync("Not live: the session is gone");
        await Seen(Row("tools/list").First).ToBeVisibleAsync();
    }
}
