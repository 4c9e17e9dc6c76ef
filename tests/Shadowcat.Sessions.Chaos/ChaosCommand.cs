using Shadowcat.Sessions.Chaos.Histories;
using Shadowcat.Sessions.Chaos.Reporting;
using Shadowcat.Sessions.Chaos.Scenarios;
using Spectre.Console;

namespace Shadowcat.Sessions.Chaos;

/// <summary>Runs one scenario, or one after the other.</summary>
internal static class ChaosCommand
{
    public static async Task<List<ScenarioResult>> RunAsync(IReadOnlyCollection<string> names, ChaosOptions options, CancellationToken cancellationToken)
    {
        var results = new List<ScenarioResult>();
        foreach (var entry in ScenarioList.All.Where(entry => Has(names, entry.Name)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await using var scenario = entry.Create();
            if (scenario.MovesClock && !MovableClock.IsHere && MovableClock.Hindrance is { } hindrance)
            {
                AnsiConsole.MarkupLineInterpolated($"[yellow]{entry.Name}: skipped, {hindrance}[/]");
                continue;
            }

            var result = scenario.MovesClock && !MovableClock.IsHere
                ? await MovableClock.RunAsync(entry.Name, options, cancellationToken)
                : await ScenarioRun.RunAsync(scenario, options, cancellationToken);
            Add(results, result);
        }

        foreach (var entry in HistoryList.All.Where(entry => Has(names, entry.Name)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await using var scenario = entry.Create();
            if (scenario.Hindrance is { } hindrance)
            {
                AnsiConsole.MarkupLineInterpolated($"[yellow]{entry.Name}: skipped, {hindrance}[/]");
                continue;
            }

            Add(results, await HistoryRun.RunAsync(scenario, options, cancellationToken));
        }

        return results;
    }

    private static bool Has(IReadOnlyCollection<string> names, string name) => names.Contains(ScenarioList.Everything) || names.Contains(name);

    private static void Add(List<ScenarioResult> results, ScenarioResult result)
    {
        results.Add(result);
        AnsiConsole.MarkupLineInterpolated($"[grey]{result.Name}: {result.Disturbances} disturbances, {result.Appended} frames acknowledged, {(result.Kept ? "every promise kept" : "BROKEN")}[/]");
    }
}
