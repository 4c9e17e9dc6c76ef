using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>Every view in light and dark, wide and as narrow as a telephone: nobody is shut out by how it is made, and it is photographed for whoever designs it.</summary>
/// <param name="chromium">The browser.</param>
public sealed class ViewTests(Chromium chromium) : BrowserTest(chromium)
{
    /// <summary>Where the pictures go; beside the tests where it is not set.</summary>
    public const string Variable = "SHADOWCAT_TEST_SCREENSHOTS";

    // Of what passes, which is most of a page, the name of the rule is enough: to say where each element stands takes longer than to judge it.
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"] },
        ResultTypes = [ResultType.Violations],
    };

    public static TheoryData<string> Views =>
        ["sessions", "sessions-selected", "sessions-none", "sessions-no-match", "sessions-wrong-search", "session", "session-calls", "session-details", "frame", "frame-bytes", "frame-details", "charts", "compare", "compare-messages", "help", "store-away", "session-gone", "file"];

    private static string Folder => Environment.GetEnvironmentVariable(Variable) ?? Path.Combine(AppContext.BaseDirectory, "screenshots");

    [Theory]
    [MemberData(nameof(Views))]
    public async Task View_InEveryLook_ShutsNobodyOut(string view)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(-3));
        var opening = new ViewOpening(Page, Rows, new InMemorySessionStore(new SessionStoreOptions { TimeToLive = TimeSpan.FromDays(30) }, timeProvider: clock), clock);
        Watch.AllowsRefusals = view is "store-away" or "session-gone";
        var (store, route) = await opening.RecordAsync(view);
        var application = await StartAsync(store);
        if (view == "file")
        {
            using var response = await application.SendAsync(HttpMethod.Get, route);
            var file = Path.Combine(Path.GetTempPath(), $"{SessionId.New()}.html");
            await File.WriteAllBytesAsync(file, await response.Content.ReadAsByteArrayAsync(Ct), Ct);
            Keep(new FileOnDisk(file));
            Watch.Origin = new Uri(file).AbsoluteUri;
            await Page.GotoAsync(Watch.Origin);
        }
        else
        {
            await OpenAsync(application, route);
        }

        await opening.ShowAsync(view);

        foreach (var (look, width, scheme) in new[] { ("light", 1280, ColorScheme.Light), ("dark", 1280, ColorScheme.Dark), ("narrow", 400, ColorScheme.Light) })
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await Page.SetViewportSizeAsync(width, 800);
            await Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{view}-{look}.png"), Animations = ScreenshotAnimations.Disabled });
            var result = await Page.RunAxe(Rules);
            Assert.Contains(result.Passes, static rule => rule.Id == "color-contrast");
            Assert.Empty(result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{look}: {violation.Id}: {node.Html} {string.Join(' ', node.Any.Concat(node.All).Select(static check => check.Message))}")));
            Assert.True(await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{look}: the page is wider than the screen.");
        }
    }
}
