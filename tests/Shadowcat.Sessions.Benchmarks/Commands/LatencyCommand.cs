using System.CommandLine;
using Shadowcat.Sessions.Benchmarks.Latency;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Reporting;
using Shadowcat.Sessions.Benchmarks.Workload;
using Spectre.Console;

namespace Shadowcat.Sessions.Benchmarks.Commands;

/// <summary><c>latency</c>: how long each operation takes where many call at once.</summary>
internal static class LatencyCommand
{
    private const int Callers = 64;
    private const double AskedMilliseconds = 5;

    public static Command Create()
    {
        var server = new ServerOptions();
        var only = new Option<string[]>("--only") { Description = "Measures only the operations of these names.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("latency", "Measures p50, p95 and p99 of every operation with 64 callers at once.") { only };
        server.AddTo(command);
        command.SetAction((arguments, cancellationToken) =>
            server.WithServerAsync(arguments, bench => MeasureAsync(bench, arguments.GetValue(only) ?? [], cancellationToken)));
        return command;
    }

    private static async Task MeasureAsync(Bench bench, string[] only, CancellationToken cancellationToken)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("operation");
        foreach (var column in (string[])["calls/s", "p50", "p95", "p99", "B/op", "p95 < 5 ms"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var operation in StoreOperations.All(bench).Where(operation => only.Length == 0 || only.Contains(operation.Name, StringComparer.Ordinal)))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            await WarmUp.RunAsync(() => operation.RunAsync(Callers, bench.Pace.WarmUp));
            var rounds = new List<Round>();
            for (var i = 0; i < bench.Pace.Rounds; i++)
            {
                rounds.Add(await operation.RunAsync(Callers, bench.Pace.Round));
            }

            var p95 = Median(rounds, round => round.Milliseconds(95));
            table.AddRow(
                operation.Name,
                Numbers.Text(Median(rounds, round => round.CallsPerSecond)),
                Numbers.Duration(Median(rounds, round => round.Milliseconds(50))),
                Numbers.Duration(p95),
                Numbers.Duration(Median(rounds, round => round.Milliseconds(99))),
                Numbers.Text(Median(rounds, round => round.AllocatedPerCall)),
                operation.Reads > 1 ? $"{operation.Reads} sessions" : p95 < AskedMilliseconds ? "[green]yes[/]" : "[red]no[/]");
        }

        Console.WriteLine($"{Machine.Describe(bench)} · {Callers} callers, the median of {bench.Pace.Rounds} rounds of {bench.Pace.Round.TotalSeconds} s");
        AnsiConsole.Write(table);
    }

    private static double Median(List<Round> rounds, Func<Round, double> figure) => Spread.Of(rounds.Select(figure)).Median;
}
