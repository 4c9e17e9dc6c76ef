using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>A test of the page in the browser, as a person uses it. Whatever the page must never do fails every test.</summary>
/// <param name="chromium">The browser that all of them share.</param>
public abstract class BrowserTest(Chromium chromium) : IAsyncLifetime
{
    private readonly Stack<IAsyncDisposable> _started = new();
    private IBrowserContext? _context;
    private IPage? _page;
    private PageWatch? _watch;

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected InMemorySessionStore Store { get; } = new();

    private protected IPage Page => _page!;

    private protected PageWatch Watch => _watch!;

    /// <summary>The rows in sight, without the head of the list.</summary>
    private protected ILocator Rows => Page.Locator(".list-row:not([hidden])");

    private protected ILocator Panel => Page.GetByRole(AriaRole.Region, new() { Name = "Frame", Exact = true });

    public async ValueTask InitializeAsync()
    {
        _context = await chromium.OpenAsync();
        _watch = await PageWatch.BeginAsync(_context);
        _page = await _context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_context is not null)
        {
            await _context.CloseAsync();
        }

        while (_started.TryPop(out var started))
        {
            await started.DisposeAsync();
        }

        Assert.Empty(_watch?.Faults ?? []);
    }

    /// <summary>Starts an application that shows a store, until the test is over.</summary>
    private protected async Task<InspectedApplication> StartAsync(ISessionStore? store = null, Action<SessionInspectorOptions>? configure = null)
    {
        var application = await InspectedApplication.StartAsync(store ?? Store, configure);
        Keep(application);
        return application;
    }

    private protected void Keep(IAsyncDisposable started) => _started.Push(started);

    /// <summary>Opens a view of an application.</summary>
    private protected async Task OpenAsync(InspectedApplication application, string route = "#/")
    {
        Watch.Origin = application.Address.AbsoluteUri;
        await Page.GotoAsync(new Uri(application.Client.BaseAddress!, route).AbsoluteUri);
    }

    /// <summary>Starts an application over the store of the test and opens a view of it.</summary>
    private protected async Task<InspectedApplication> OpenAsync(string route = "#/")
    {
        var application = await StartAsync();
        await OpenAsync(application, route);
        return application;
    }

    private protected Task OpenAsync(InspectedApplication application, SessionId id, string rest = "") => OpenAsync(application, $"#/s/{id}{rest}");

    /// <summary>The row in sight that holds a text.</summary>
    private protected ILocator Row(string text) => Rows.Filter(new() { HasText = text });

    private protected ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name });

    private protected static Regex Pattern(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));

    private protected static ILocatorAssertions Seen(ILocator locator) => Expect(locator);

    private protected static IPageAssertions Seen(IPage page) => Expect(page);
}
