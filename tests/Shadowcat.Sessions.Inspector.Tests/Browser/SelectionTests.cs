using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>What is done with sessions: selected, exported, deleted where that is allowed, and each user's kept from the other.</summary>
/// <param name="chromium">The browser.</param>
public sealed class SelectionTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string UserHeader = "X-Test-User";

    private ILocator Bulk => Page.GetByRole(AriaRole.Group, new() { Name = "Selected sessions" });

    [Fact]
    public async Task Delete_ByDefault_IsNotOffered()
    {
        await Everyday.FillAsync(Store);
        await OpenAsync();

        await Rows.First.GetByRole(AriaRole.Checkbox).ClickAsync();

        await Seen(Bulk).ToContainTextAsync("1 selected");
        await Seen(Bulk.GetByRole(AriaRole.Link, new() { Name = "Export" })).ToBeVisibleAsync();
        await Seen(Bulk.GetByRole(AriaRole.Button, new() { Name = "Delete" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Delete_ByWhoMay_AsksAndDeletes()
    {
        await Everyday.FillAsync(Store);
        await Page.Context.SetExtraHTTPHeadersAsync([new(UserHeader, "alice")]);
        await OpenAsync(await StartAsync(static options => options.DeletePolicy = "operators"));
        await Row("github").First.GetByRole(AriaRole.Checkbox).ClickAsync();
        await Row("sentry").First.GetByRole(AriaRole.Checkbox).ClickAsync();

        await Bulk.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        var question = Page.GetByRole(AriaRole.Dialog, new() { Name = "Delete 2 sessions?" });
        await Seen(question).ToContainTextAsync("This cannot be undone.");
        await question.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Seen(Rows).ToHaveCountAsync(11);
        await Bulk.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await question.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Seen(Page.GetByText("Deleted 2 sessions.")).ToBeVisibleAsync();
        await Seen(Rows).ToHaveCountAsync(9);
        await Seen(Row("sentry")).ToHaveCountAsync(0);
        Assert.Equal(9, await Store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Owners_SeeTheirOwnSessionsOnly()
    {
        var alices = await Conversation.BeginAsync(Store, "alices-client", configure: static session => Owned(session, "alice"));
        var bobs = await Conversation.BeginAsync(Store, "bobs-client", configure: static session => Owned(session, "bob"));
        await bobs.CallAsync(1, "secret");
        await Page.Context.SetExtraHTTPHeadersAsync([new(UserHeader, "alice")]);
        var application = await StartAsync(static options => options.OwnerOnly = true);

        await OpenAsync(application);
        await Seen(Rows).ToHaveCountAsync(1);
        await Seen(Rows.First).ToContainTextAsync("alices-client");
        var later = await Conversation.BeginAsync(Store, "bobs-later-client", configure: static session => Owned(session, "bob"));
        await alices.CallAsync(1, "own");
        await Seen(Rows.First.Locator(".frames")).ToHaveTextAsync("2");
        await Seen(Rows).ToHaveCountAsync(1);
        Watch.AllowsRefusals = true;
        foreach (var id in new[] { bobs.Id, later.Id })
        {
            await OpenAsync(application, id);
            await Seen(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Sessions end when they expire or are deleted");
        }

        await OpenAsync(application, $"#/compare/{alices.Id}/{bobs.Id}");
        await Seen(Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.DoesNotContain("bobs", await Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_OfASession_IsItsArchive()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(), talk.Id);

        await Page.Locator("summary", new() { HasText = "Export" }).ClickAsync();
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = "JSONL archive" }).ClickAsync());

        var text = await File.ReadAllTextAsync((await download.PathAsync())!, Ct);
        Assert.EndsWith(".jsonl", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.Equal(33, Regex.Count(text, "\"seq\":"));
    }

    [Fact]
    public async Task Export_OfWhatAFilterSelects_IsInEveryForm()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(static options => options.AddExport("har", static (store, id, destination, cancellationToken) => store.ExportSessionAsync(id, destination, cancellationToken: cancellationToken))), talk.Id, "?q=tool:no_such_tool");
        await Seen(Rows).ToHaveCountAsync(2);
        await Page.Locator("summary", new() { HasText = "Export" }).ClickAsync();
        await Seen(Page.Locator(".menu-list a")).ToHaveTextAsync(["JSONL archive", "One HTML file", "HAR", "JSONL archive", "One HTML file", "HAR"]);

        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = "HAR", Exact = true }).First.ClickAsync());

        Assert.Equal(2, Regex.Count(await File.ReadAllTextAsync((await download.PathAsync())!, Ct), "\"seq\":"));
    }

    [Fact]
    public async Task Replay_OfASession_HandsOverTheCommand()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenAsync(await StartAsync(static options => options.ReplayCommand = "shadowcat replay {session} [--from {sequence}] --store 'a b'"), talk.Id);

        await Button("Replay").ClickAsync();

        await Seen(Page.GetByRole(AriaRole.Dialog, new() { Name = "Replay this session" })).ToContainTextAsync($"shadowcat replay {talk.Id} --store 'a b'");
    }

    [Fact]
    public async Task Replay_FromAnAnswer_BeginsAtItsRequest()
    {
        var talk = await Conversation.BeginAsync(Store);
        await talk.ClientAsync(Conversation.Request(1, "tools/list"));
        await talk.ClientAsync(Conversation.Request(2, "tools/call", """{"name":"echo"}"""));
        await talk.ServerAsync(Conversation.Result(1));
        await talk.ServerAsync(Conversation.Result(2));
        await OpenAsync(await StartAsync(static options => options.ReplayCommand = "shadowcat replay {session} [--from {sequence}]"), talk.Id, "/f/3");

        await Panel.GetByRole(AriaRole.Button, new() { Name = "Replay from here" }).ClickAsync();

        await Seen(Page.GetByRole(AriaRole.Dialog, new() { Name = "Replay from frame 1" })).ToContainTextAsync($"shadowcat replay {talk.Id} --from 1");
    }

    [Fact]
    public async Task Export_OfSelectedSessions_HoldsThoseAlone()
    {
        await Everyday.FillAsync(Store);
        await OpenAsync();
        await Row("postgres").Nth(0).GetByRole(AriaRole.Checkbox).ClickAsync();
        await Row("postgres").Nth(1).GetByRole(AriaRole.Checkbox).ClickAsync();

        var download = await Page.RunAndWaitForDownloadAsync(() => Bulk.GetByRole(AriaRole.Link, new() { Name = "Export" }).ClickAsync());

        var text = await File.ReadAllTextAsync((await download.PathAsync())!, Ct);
        Assert.Equal((2, 0), (Regex.Count(text, "\"postgres\""), Regex.Count(text, "\"github\"")));
    }

    [Fact]
    public async Task TwoSelected_AreComparedByOneClick()
    {
        await Everyday.FillAsync(Store);
        await OpenAsync();
        await Row("postgres").Nth(0).GetByRole(AriaRole.Checkbox).ClickAsync();
        await Row("postgres").Nth(1).GetByRole(AriaRole.Checkbox).ClickAsync();

        await Bulk.GetByRole(AriaRole.Link, new() { Name = "Compare" }).ClickAsync();

        await Seen(Page.Locator(".compare-head")).ToHaveCountAsync(2);
        await Seen(Page.Locator(".list-note")).ToContainTextAsync("alike");
    }

    private static Session Owned(Session session, string user) => session with { Owner = SessionOwner.From(InspectedApplication.User(user)) };

    private async Task<InspectedApplication> StartAsync(Action<SessionInspectorOptions> configure)
    {
        var application = await InspectedApplication.StartAsync(Store, configure, static services => services.AddAuthorization(static options =>
            options.AddPolicy("operators", static policy => policy.RequireAuthenticatedUser())));
        Keep(application);
        return application;
    }
}
