using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Shadowcat.Sessions.Chaos.Schedules.Exploring;
using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Schedules;

/// <summary>The command that runs schedules: all of the small scopes; as many as fit into a time, out of larger ones; or one that was found.</summary>
internal static class SchedulesCommand
{
    private const int Shown = 10;
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var seconds = new Option<double?>("--seconds") { Description = "Runs schedules that are chosen at random for so long, instead of all." };
        var seed = new Option<int?>("--seed") { Description = "Which ones are chosen; it is printed where it is not given." };
        var schedule = new Option<string?>("--schedule") { Description = "Runs one schedule, as it was printed, and shows what happens." };
        var parallel = new Option<int>("--parallel") { Description = "How many are run at a time.", DefaultValueFactory = _ => 16 };
        var command = new Command("schedules", "Lets the commands of two callers about one session arrive, break off, come late and be repeated in every order, and judges each by the in-memory store.") { seconds, seed, schedule, parallel };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            if (!RedisProcess.IsInstalled)
            {
                await Console.Error.WriteLineAsync("There is no redis-server on the PATH: nothing was run.");
                return 2;
            }

            var many = Math.Clamp(arguments.GetValue(parallel), 1, 256);
            await using var server = await RedisProcess.LaunchAsync("--databases", many.ToString(CultureInfo.InvariantCulture));
            var exploration = new Exploration(server.Endpoint, many);
            if (arguments.GetValue(schedule) is { } text)
            {
                Console.WriteLine(await exploration.RunAsync(Schedule.Parse(text)));
            }
            else if (arguments.GetValue(seconds) is { } time)
            {
                await RunSomeAsync(exploration, arguments.GetValue(seed) ?? Random.Shared.Next(), TimeSpan.FromSeconds(time), cancellationToken);
            }
            else
            {
                var plans = PlanList.All().ToList();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"every schedule of {plans.Count} plans"));
                await ReportAsync(exploration, exploration.RunAllAsync(plans, cancellationToken));
            }

            if (arguments.GetValue(schedule) is null)
            {
                Print(exploration);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{exploration.Schedules} schedules, {exploration.Broken} broken promises"));
            cancellationToken.ThrowIfCancellationRequested();
            return exploration.Schedules == 0 ? 2 : exploration.Broken == 0 ? 0 : 1;
        });
        return command;
    }

    private static async Task RunSomeAsync(Exploration exploration, int seed, TimeSpan time, CancellationToken cancellationToken)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"--seed {seed}"));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stopping.CancelAfter(time);
        await ReportAsync(exploration, exploration.RunSomeAsync(seed, stopping.Token));
    }

    /// <summary>Says now and then how far it is, so that nobody takes it for stuck.</summary>
    private static async Task ReportAsync(Exploration exploration, Task running)
    {
        var clock = Stopwatch.StartNew();
        var reported = new HashSet<string>(StringComparer.Ordinal);
        while (await Task.WhenAny(running, Task.Delay(ReportInterval)) != running)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"... {exploration.Schedules} schedules, {exploration.Broken} broken promises after {clock.Elapsed.TotalSeconds:F0} s{(exploration.Plans > 0 ? $", {exploration.Plans} plans done" : "")}"));
            foreach (var (promise, _) in exploration.Counts.Where(count => reported.Add(count.Key)))
            {
                Console.WriteLine(promise);
            }
        }

        await running;
    }

    private static void Print(Exploration exploration)
    {
        foreach (var example in exploration.Examples.Take(Shown))
        {
            Console.WriteLine(example);
        }

        foreach (var (promise, count) in exploration.Counts)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{promise}: {count}"));
        }
    }
}
