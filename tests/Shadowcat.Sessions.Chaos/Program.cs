using System.CommandLine;
using Shadowcat.Sessions.Chaos;
using Shadowcat.Sessions.Chaos.Reporting;
using Shadowcat.Sessions.Chaos.Scenarios;
using Shadowcat.Sessions.Chaos.Schedules;
using Shadowcat.Sessions.Chaos.Soak;
using Shadowcat.Sessions.Servers;
using Spectre.Console;

MovableClock.KeepToThisProcess();

// Whatever reads the output may have no width of its own: nothing is cut there.
if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 200;
}

string[] names = [.. ScenarioList.All.Select(entry => entry.Name), .. HistoryList.All.Select(entry => entry.Name)];
var scenario = new Option<string[]>("--scenario") { Description = $"Which scenarios to run: all, or some of {string.Join(", ", names)}.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [ScenarioList.Everything] };
scenario.AcceptOnlyFromAmong([ScenarioList.Everything, .. names]);
var seconds = new Option<double>("--seconds") { Description = "How long each scenario is disturbed.", DefaultValueFactory = _ => 60 };
var json = new Option<FileInfo?>("--json") { Description = "Writes the results to this file." };
var writers = new Option<int>("--writers") { Description = "How many writers append at a time.", DefaultValueFactory = _ => 16 };
var timeout = new Option<int>("--timeout-ms") { Description = "The operation timeout of the stores.", DefaultValueFactory = _ => 2000 };
var recovery = new Option<int>("--recovery-ms") { Description = "How long after the return of the server everything has to work again.", DefaultValueFactory = _ => 1000 };
var seed = new Option<int?>("--seed") { Description = "Makes the choices of a run repeatable, as far as time allows." };

var root = new RootCommand("Breaks servers and networks under a load of writers and readers, and checks that every promise held.") { scenario, seconds, json, writers, timeout, recovery, seed };
root.SetAction(async (arguments, cancellationToken) =>
{
    if (!RedisProcess.IsInstalled)
    {
        await Console.Error.WriteLineAsync("There is no redis-server on the PATH: nothing was run.");
        return 2;
    }

    var options = new ChaosOptions
    {
        Duration = TimeSpan.FromSeconds(arguments.GetValue(seconds)),
        Writers = arguments.GetValue(writers),
        OperationTimeout = TimeSpan.FromMilliseconds(arguments.GetValue(timeout)),
        Recovery = TimeSpan.FromMilliseconds(arguments.GetValue(recovery)),
        Seed = arguments.GetValue(seed) ?? Random.Shared.Next(),
    };
    var results = await ChaosCommand.RunAsync(arguments.GetValue(scenario)!, options, cancellationToken);
    ResultTable.Print(results);
    if (arguments.GetValue(json) is { } file)
    {
        await ResultJson.WriteAsync(file, results, CancellationToken.None);
    }

    return results.Count == 0 ? 2 : results.TrueForAll(result => result.Kept) ? 0 : 1;
});

var minutes = new Option<double>("--minutes") { Description = "How long writers write, behind a warm-up.", DefaultValueFactory = _ => 10 };
var sessions = new Option<int>("--sessions") { Description = "How many sessions are written to at a time.", DefaultValueFactory = _ => 10_000 };
var callers = new Option<int>("--writers") { Description = "How many writers append at a time.", DefaultValueFactory = _ => 64 };
var soak = new Command("soak", "Writes to many sessions that come and expire, and checks that the memory of the process stays and that nothing is left on the server.") { minutes, sessions, callers };
soak.SetAction(async (arguments, cancellationToken) =>
{
    if (!RedisProcess.IsInstalled)
    {
        await Console.Error.WriteLineAsync("There is no redis-server on the PATH: nothing was run.");
        return 2;
    }

    var result = await SoakRun.RunAsync(
        new SoakOptions { Duration = TimeSpan.FromMinutes(arguments.GetValue(minutes)), Sessions = arguments.GetValue(sessions), Writers = arguments.GetValue(callers) }, cancellationToken);
    result.Print();
    return result.Kept ? 0 : 1;
});
root.Subcommands.Add(soak);
root.Subcommands.Add(SchedulesCommand.Create());

// Whoever stops a run still has the servers that it started ended.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
