using System.CommandLine;
using Shadowcat.Sessions.Benchmarks.Reporting;
using Shadowcat.Sessions.Benchmarks.Rows;
using Shadowcat.Sessions.Benchmarks.Workload;
using Spectre.Console;

namespace Shadowcat.Sessions.Benchmarks.Commands;

/// <summary><c>compare</c>: every row of the table against its reference.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var server = new ServerOptions();
        var json = new Option<FileInfo?>("--json") { Description = "Writes the rows to this file." };
        var plots = new Option<DirectoryInfo?>("--plots") { Description = "Draws the rows as SVG into this folder." };
        var only = new Option<string[]>("--only") { Description = "Measures only the rows whose names begin like this.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("compare", "Measures each row in alternating rounds of ours and the reference.") { json, plots, only };
        server.AddTo(command);
        command.SetAction((arguments, cancellationToken) => server.WithServerAsync(arguments, async bench =>
        {
            var results = await MeasureAsync(bench, arguments.GetValue(only) ?? [], cancellationToken);
            Console.WriteLine($"{Machine.Describe(bench)} · {bench.Pace.Rounds} rounds of {bench.Pace.Round.TotalSeconds} s a side");
            ResultTable.Print(results);
            if (arguments.GetValue(json) is { } file)
            {
                await ResultJson.WriteAsync(file, results, CancellationToken.None);
            }

            if (arguments.GetValue(plots) is { } folder)
            {
                ResultPlots.Draw(folder, results);
            }
        }));
        return command;
    }

    private static async Task<List<RowResult>> MeasureAsync(Bench bench, string[] only, CancellationToken cancellationToken)
    {
        var results = new List<RowResult>();
        foreach (var row in Row.All.Where(row => only.Length == 0 || only.Any(prefix => row.Name.StartsWith(prefix, StringComparison.Ordinal))))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            try
            {
                var result = await row.RunAsync(bench);
                results.Add(result);
                AnsiConsole.MarkupLineInterpolated($"[grey]{row.Name}: {ResultTable.Summary(result)}[/]");
            }
            catch (RowSkippedException exception)
            {
                AnsiConsole.MarkupLineInterpolated($"[yellow]{row.Name} skipped: {exception.Message}[/]");
            }
        }

        return results;
    }
}
