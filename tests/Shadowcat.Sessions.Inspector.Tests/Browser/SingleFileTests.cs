using System.Net.Http.Headers;
using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>The page with a recording inside, opened from disk: it asks nobody for anything, and shows the same.</summary>
/// <param name="chromium">The browser.</param>
public sealed class SingleFileTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task File_OpenedFromDisk_ShowsWhatThePageShows()
    {
        var talk = await Everyday.TalkAsync(Store);
        var application = await StartAsync();
        await OpenAsync(application, talk.Id);
        await Seen(Row("packing_list")).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("Home");
        await Seen(Row("initialize").First).ToBeVisibleAsync();
        var served = await TextsAsync();

        await OpenFileAsync(application, talk.Id);
        await Seen(Row("packing_list")).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("Home");
        await Seen(Row("initialize").First).ToBeVisibleAsync();

        Assert.Equal(served, await TextsAsync());
        await Seen(Page.GetByRole(AriaRole.Heading, new() { Name = "claude-code 2.1 to weather 1.4" })).ToBeVisibleAsync();
        await Seen(Page.Locator(".pill")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task File_HasFramesFilterAndCharts()
    {
        var talk = await Everyday.TalkAsync(Store);
        await OpenFileAsync(await StartAsync(), talk.Id);

        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Filter frames" }).FillAsync("tool:no_such_tool");
        await Seen(Rows).ToHaveCountAsync(2);
        await Rows.Nth(1).ClickAsync();
        await Seen(Panel).ToContainTextAsync("\"message\": \"Unknown tool: no_such_tool\"");
        await Page.GetByRole(AriaRole.Tab, new() { Name = "Details" }).ClickAsync();
        await Seen(Panel).ToContainTextAsync("Took4 ms");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Charts" }).ClickAsync();

        await Seen(Page.GetByRole(AriaRole.Region, new() { Name = "Charts" }).Locator(".numbers")).ToContainTextAsync("Errors1");
    }

    [Fact]
    public async Task File_OfTheFramesThatAFilterSelects_HoldsThoseAlone()
    {
        var talk = await Everyday.TalkAsync(Store);
        var application = await StartAsync();
        await OpenAsync(application, talk.Id, "?q=tool:no_such_tool");
        await Seen(Rows).ToHaveCountAsync(2);
        await Page.Locator("summary", new() { HasText = "Export" }).ClickAsync();

        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = "One HTML file" }).First.ClickAsync());
        await OpenFileAsync(await File.ReadAllBytesAsync((await download.PathAsync())!, Ct));

        await Seen(Row("no_such_tool").First).ToBeVisibleAsync();
        await Seen(Row("get_forecast")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task File_OfAHostileRecording_StaysText()
    {
        const string Attack = "</script><script>alert(1)</script><!--<script>]]>&lt;\\u2028";
        var talk = await Conversation.BeginAsync(Store, Attack);
        await talk.ClientAsync($$$"""{"jsonrpc":"2.0","method":"x","params":{"text":"{{{Attack}}}"}}""");
        await talk.AddAsync(MessageDirection.ServerToClient, [0xFF, 0xFE, (byte)'<', (byte)'/', (byte)'s']);

        await OpenFileAsync(await StartAsync(), talk.Id, "#/s/x/f/0");

        await Seen(Panel).ToContainTextAsync("</script><script>alert(1)</script>");
        await Seen(Row("Not JSON-RPC")).ToBeVisibleAsync();
        Assert.Equal(0, await Page.Locator("#app script").CountAsync());
    }

    private async Task OpenFileAsync(InspectedApplication application, SessionId id, string route = "")
    {
        using var response = await application.SendAsync(HttpMethod.Get, $"api/sessions/{id}/export?format=html");
        Assert.Equal("text/html", Assert.IsType<MediaTypeHeaderValue>(response.Content.Headers.ContentType).MediaType);
        await OpenFileAsync(await response.Content.ReadAsByteArrayAsync(Ct), route);
    }

    /// <summary>Nothing but the file itself may be asked for, so no network is reached.</summary>
    private async Task OpenFileAsync(byte[] page, string route = "")
    {
        var file = Path.Combine(Path.GetTempPath(), $"{SessionId.New()}.html");
        await File.WriteAllBytesAsync(file, page, Ct);
        Keep(new FileOnDisk(file));
        Watch.Origin = new Uri(file).AbsoluteUri;
        await Page.GotoAsync("about:blank");
        await Page.GotoAsync(Watch.Origin + route);
    }

    private async Task<string[]> TextsAsync() => [.. await Rows.AllInnerTextsAsync()];
}
