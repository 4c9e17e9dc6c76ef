using System.CommandLine;
using Shadowcat.Sessions.Benchmarks.Capacity;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Reporting;
using Shadowcat.Sessions.Benchmarks.Servers;
using Shadowcat.Sessions.Benchmarks.Workload;
using Spectre.Console;

namespace Shadowcat.Sessions.Benchmarks.Commands;

/// <summary><c>capacity</c>: what a million sessions take of a server.</summary>
internal static class CapacityCommand
{
    private const int Population = 1_000_000;

    /// <summary>A server that needs more refuses writes, and the run fails.</summary>
    private const string MaxMemory = "3gb";

    public static Command Create()
    {
        var sessions = new Option<int>("--sessions") { Description = "How many sessions there are.", DefaultValueFactory = static _ => Population };
        var command = new Command("capacity", "Measures the memory of a session, and listing, counting and reaping among a million, on a redis-server of its own, with 3 GB of memory.") { sessions };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(sessions), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int sessions, CancellationToken cancellationToken)
    {
        await using var server = await BenchmarkServer.StartAsync();
        await using var bench = await Bench.ConnectAsync(server.Endpoint, Pace.Default);
        await bench.Server.ConfigSetAsync("maxmemory", MaxMemory);
        try
        {
            var rows = await new CapacityRun(bench, sessions).RunAsync(cancellationToken);
            Console.WriteLine($"{Machine.Describe(bench)} · {sessions:N0} sessions");
            AnsiConsole.Write(TableOf(rows));
            return 0;
        }
        finally
        {
            // Not key by key: the server is the run's own.
            await bench.Database.ExecuteAsync("FLUSHALL", "ASYNC");
        }
    }

    private static Table TableOf(IEnumerable<CapacityRow> rows)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("what", "figure", "longest command");
        foreach (var row in rows)
        {
            table.AddRow(row.What, row.Figure, row.Longest);
        }

        return table;
    }
}
