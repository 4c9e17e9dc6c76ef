using System.Text.Json;
using Microsoft.Playwright;

namespace Shadowcat.Sessions.Inspector.Tests.Browser.Figures;

/// <summary>What the main thread of a page did for how long, as the browser traces it.</summary>
internal sealed class MainThreadTrace
{
    private readonly List<JsonElement> _events = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ICDPSession _session;

    private MainThreadTrace(ICDPSession session)
    {
        _session = session;
        _session.Event("Tracing.dataCollected").OnEvent += (_, data) => _events.AddRange(data!.Value.GetProperty("value").EnumerateArray().Select(static item => item.Clone()));
        _session.Event("Tracing.tracingComplete").OnEvent += (_, _) => _complete.TrySetResult();
    }

    public static async Task<MainThreadTrace> StartAsync(IPage page)
    {
        var trace = new MainThreadTrace(await page.Context.NewCDPSessionAsync(page));
        await trace._session.SendAsync("Tracing.start", new Dictionary<string, object> { ["categories"] = "disabled-by-default-devtools.timeline,devtools.timeline", ["transferMode"] = "ReportEvents" });
        return trace;
    }

    /// <summary>The longest task in milliseconds: as it passed, and without the time in which other programs had the processor; and how many passed 16 and 50 ms.</summary>
    public async Task<(double Wall, double Processor, int Above16, int Above50, int Tasks)> StopAsync()
    {
        await _session.SendAsync("Tracing.end");
        await _complete.Task;
        var main = _events.Where(static item => Name(item) == "thread_name" && item.GetProperty("args").GetProperty("name").GetString() == "CrRendererMain").Select(static item => (item.GetProperty("pid").GetInt64(), item.GetProperty("tid").GetInt64())).ToHashSet();
        var tasks = _events.Where(item => Name(item) == "RunTask" && item.TryGetProperty("dur", out _) && main.Contains((item.GetProperty("pid").GetInt64(), item.GetProperty("tid").GetInt64()))).ToList();
        var processor = tasks.Where(static item => item.TryGetProperty("tdur", out _)).Select(static item => item.GetProperty("tdur").GetDouble() / 1000).ToList();
        return (tasks.Max(static item => item.GetProperty("dur").GetDouble()) / 1000, processor.DefaultIfEmpty(double.NaN).Max(), processor.Count(static time => time > 16), processor.Count(static time => time > 50), tasks.Count);
    }

    private static string? Name(JsonElement item) => item.GetProperty("name").GetString();
}
