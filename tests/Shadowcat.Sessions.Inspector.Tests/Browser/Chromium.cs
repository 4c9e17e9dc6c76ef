using Microsoft.Playwright;
using Shadowcat.Sessions.Inspector.Tests.Browser;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>The browser of this machine, started once, by the first test that needs it. Nothing is downloaded: where none is installed, its tests are skipped and say so.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>With this variable set to "required", a machine without a browser fails the tests.</summary>
    public const string Variable = "SHADOWCAT_TEST_BROWSER";

    private const float ExpectTimeoutMs = 15_000;

    /// <summary>The best first: a browser with windows draws one, with all its buttons, for every test, and takes three times the processor.</summary>
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "google-chrome"];

    private readonly SemaphoreSlim _starting = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private static string? Executable =>
        Names.SelectMany(static name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    public ValueTask InitializeAsync() => default;

    /// <summary>A profile of its own, as a user has who opens a new private window.</summary>
    public async Task<IBrowserContext> OpenAsync(Action<BrowserNewContextOptions>? configure = null)
    {
        var options = new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = "UTC",
            Locale = "en-GB",
            Permissions = ["clipboard-read", "clipboard-write"],
        };
        configure?.Invoke(options);
        return await (await StartedAsync()).NewContextAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        _starting.Dispose();
    }

    private async Task<IBrowser> StartedAsync()
    {
        if (Executable is null)
        {
            const string Reason = "No browser is installed: put chromium-headless-shell or chromium (Debian's packages of these names) or google-chrome on the PATH.";
            Assert.False(Environment.GetEnvironmentVariable(Variable) == "required", Reason);
            Assert.Skip(Reason);
        }

        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _browser ??= await StartAsync(Executable);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>No name but this machine's address leads anywhere, so that nothing can be sent out. The sandbox of the browser does not work for root.</summary>
    private async Task<IBrowser> StartAsync(string executable)
    {
        Assertions.SetDefaultExpectTimeout(ExpectTimeoutMs);
        _playwright ??= await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
            Args = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-dev-shm-usage"],
        });
    }
}
