using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>Notes what no page of the inspector may do: open a dialog or a window, ask another host, break its own content policy, write an error to the console.</summary>
internal sealed class PageWatch
{
    private const string OfResource = "Failed to load resource";

    private readonly List<string> _faults = [];

    private PageWatch(IBrowserContext context)
    {
        context.Dialog += (_, dialog) =>
        {
            Note($"a dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        context.Request += (_, request) => CheckAddress(request.Url);
        context.Console += (_, message) => CheckConsole(message);
        context.WebError += (_, error) => Note($"an error: {error.Error}");
        context.Page += (_, page) => page.Popup += (_, popup) => Note($"a window: {popup.Url}");
    }

    /// <summary>The host, or the file, that the page comes from. No other may be asked.</summary>
    public string Origin { get; set; } = "about:";

    /// <summary>Whether the server is meant to refuse or to be away, which the browser writes to the console by itself.</summary>
    public bool AllowsRefusals { get; set; }

    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults)
            {
                return [.. _faults];
            }
        }
    }

    public static async Task<PageWatch> BeginAsync(IBrowserContext context)
    {
        var watch = new PageWatch(context);
        await context.AddInitScriptAsync("addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));");
        return watch;
    }

    private void CheckAddress(string address)
    {
        if (!address.StartsWith(Origin, StringComparison.Ordinal) && !address.StartsWith("data:", StringComparison.Ordinal) && !address.StartsWith("blob:", StringComparison.Ordinal))
        {
            Note($"a request to {address}");
        }
    }

    private void CheckConsole(IConsoleMessage message)
    {
        if (message.Type is "error" or "warning" && !(AllowsRefusals && message.Text.StartsWith(OfResource, StringComparison.Ordinal)))
        {
            Note($"{message.Type} in the console: {message.Text} ({message.Location})");
        }
    }

    private void Note(string fault)
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }
    }
}
