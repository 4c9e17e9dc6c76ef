using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>Brings a view of the page into the state in which it is looked at.</summary>
internal sealed class ViewOpening(IPage page, ILocator rows, InMemorySessionStore store, FakeTimeProvider clock)
{
    private ILocator Panel => page.Locator(".panel:not([hidden])");

    /// <summary>Records what a view shows; gives the store to be served, and the route of the view.</summary>
    public async Task<(ISessionStore Store, string Route)> RecordAsync(string view)
    {
        if (view == "sessions-none")
        {
            return (store, "#/");
        }

        var talk = await Everyday.FillAsync(store, clock);
        return view switch
        {
            "sessions-no-match" => (store, "#/?q=client:nobody"),
            "sessions-wrong-search" => (store, "#/?q=statuz:failed"),
            "session" => (store, $"#/s/{talk.Id}"),
            "session-calls" => (store, $"#/s/{talk.Id}?by=call"),
            "session-details" => (store, $"#/s/{talk.Id}"),
            "frame" => (store, $"#/s/{talk.Id}/f/9"),
            "frame-bytes" => (store, $"#/s/{talk.Id}/f/9"),
            "frame-details" => (store, $"#/s/{talk.Id}/f/1"),
            "charts" => (store, $"#/s/{talk.Id}/charts"),
            "compare" or "compare-messages" => (store, $"#/compare/{talk.Id}/{await OtherAsync()}"),
            "store-away" => (new FailingStore(store) { IsAway = true }, "#/"),
            "session-gone" => (store, "#/s/no-such-session"),
            "file" => (store, $"api/sessions/{talk.Id}/export?format=html"),
            _ => (store, "#/"),
        };
    }

    /// <summary>Waits until the view is there, and opens what it is to show.</summary>
    public async Task ShowAsync(string view)
    {
        var landmark = view switch
        {
            "sessions-none" or "sessions-no-match" => page.Locator(".list-empty .notice"),
            "store-away" or "session-gone" => page.GetByRole(AriaRole.Alert),
            "sessions-wrong-search" => page.Locator(".search-error:not(:empty)"),
            "charts" => page.Locator(".slowest"),
            "frame" or "frame-bytes" => Panel.Locator(".json-line").First,
            "frame-details" => Panel.Locator(".json-line").First,
            _ => rows.First,
        };
        await Expect(landmark).ToBeVisibleAsync();
        switch (view)
        {
            case "sessions-selected":
                await rows.Nth(1).GetByRole(AriaRole.Checkbox).ClickAsync();
                await rows.Nth(3).GetByRole(AriaRole.Checkbox).ClickAsync();
                break;
            case "session-details":
                await page.Locator("summary", new() { HasText = "Details" }).ClickAsync();
                break;
            case "session-calls":
                await rows.Filter(new() { HasText = "get_forecast" }).First.ClickAsync();
                await page.Keyboard.PressAsync("ArrowRight");
                await page.Keyboard.PressAsync("Escape");
                break;
            case "frame-bytes":
                await page.GetByRole(AriaRole.Tab, new() { Name = "Bytes" }).ClickAsync();
                break;
            case "frame-details":
                await page.GetByRole(AriaRole.Tab, new() { Name = "Details" }).ClickAsync();
                break;
            case "compare-messages":
                await rows.Filter(new() { HasText = "get_forecast" }).First.ClickAsync();
                await Expect(Panel.Locator(".diff-line").First).ToBeVisibleAsync();
                break;
            case "help":
                await page.Keyboard.PressAsync("?");
                break;
        }
    }

    /// <summary>The same conversation once more, in which something was otherwise.</summary>
    private async Task<SessionId> OtherAsync()
    {
        var other = await Everyday.TalkAsync(store, "Oslo: rain, 3 °C");
        await other.CallAsync(20, "get_forecast", 350);
        return other.Id;
    }
}
