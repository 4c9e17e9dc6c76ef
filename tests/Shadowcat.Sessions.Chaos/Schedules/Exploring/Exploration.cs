using System.Collections.Concurrent;
using Shadowcat.Sessions.Chaos.Schedules.Judging;
using Shadowcat.Sessions.Chaos.Schedules.Running;

namespace Shadowcat.Sessions.Chaos.Schedules.Exploring;

/// <summary>Runs schedules, several at a time, each on a database of its own, and gathers what is broken.</summary>
/// <param name="endpoint">The server as host:port, with a database for each that runs at a time.</param>
/// <param name="parallel">How many run at a time.</param>
/// <param name="factory">Makes the stores; null for Redis stores as they are.</param>
internal sealed class Exploration(string endpoint, int parallel, ScheduleRig.StoreFactory? factory = null)
{
    /// <summary>How often one schedule is begun that goes another way each time.</summary>
    private const int MostTries = 20;

    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ScheduleResult> _examples = new(StringComparer.Ordinal);
    private long _schedules;
    private int _plans;

    /// <summary>Of how many plans every schedule was run.</summary>
    public int Plans => Volatile.Read(ref _plans);

    /// <summary>How many schedules were run.</summary>
    public long Schedules => Volatile.Read(ref _schedules);

    /// <summary>How many of them broke a promise.</summary>
    public long Broken => _counts.Values.Sum();

    /// <summary>How often each promise was broken, by which kind of call.</summary>
    public IEnumerable<KeyValuePair<string, long>> Counts => _counts.OrderBy(count => count.Key, StringComparer.Ordinal);

    /// <summary>An example of each way in which a promise was broken, the shortest there is.</summary>
    public IEnumerable<ScheduleResult> Examples => _examples.Values.OrderBy(example => example.Schedule.Steps.Count).ThenBy(example => example.Schedule.ToString(), StringComparer.Ordinal);

    /// <summary>Runs all schedules of some plans.</summary>
    public async Task RunAllAsync(IEnumerable<SchedulePlan> plans, CancellationToken cancellationToken)
    {
        using var enumerator = plans.GetEnumerator();
        var moving = new Lock();
        await RunAsync(async run =>
        {
            while (TryTake(out var plan) && !cancellationToken.IsCancellationRequested)
            {
                var choices = new EveryChoice();
                do
                {
                    await RunOnceAsync(run, plan, choices);
                }
                while (!cancellationToken.IsCancellationRequested && choices.MoveNext());

                Interlocked.Increment(ref _plans);
            }
        });

        async Task RunOnceAsync(Func<SchedulePlan, IChoices, Task> run, SchedulePlan plan, EveryChoice choices)
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    await run(plan, choices);
                    return;
                }
                catch (DivergedException) when (tries < MostTries)
                {
                    choices.Again();
                }
            }
        }

        bool TryTake(out SchedulePlan plan)
        {
            lock (moving)
            {
                var any = enumerator.MoveNext();
                plan = any ? enumerator.Current : null!;
                return any;
            }
        }
    }

    /// <summary>Runs schedules that are chosen at random, each once, until it is stopped.</summary>
    /// <param name="seed">Says which plans and choices come, in which order.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunSomeAsync(int seed, CancellationToken cancellationToken)
    {
        var number = 0;
        var taken = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        await RunAsync(async run =>
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var random = new Random(HashCode(seed, Interlocked.Increment(ref number)));
                await run(PlanList.Random(random), new RandomChoices(random));
            }
        }, isNew: schedule => taken.TryAdd(schedule.ToString(), true));
    }

    /// <summary>Runs one schedule.</summary>
    public async Task<ScheduleResult> RunAsync(Schedule schedule)
    {
        await using var rig = await ScheduleRig.OpenAsync(endpoint, database: 0, factory);
        var result = await ScheduleRun.RunAsync(rig, schedule.Plan, new GivenChoices(schedule.Steps))
            ?? throw new FormatException($"The schedule {schedule} breaks a connection with nothing on its way.");
        Note(result);
        return result;
    }

    /// <summary>As random numbers of neighbouring seeds are not far from each other.</summary>
    private static int HashCode(int seed, int number) => unchecked((int)((((uint)seed * 2654435761u) ^ (uint)number) * 2246822519u));

    private Task RunAsync(Func<Func<SchedulePlan, IChoices, Task>, Task> work, Func<Schedule, bool>? isNew = null) =>
        Task.WhenAll(Enumerable.Range(0, parallel).Select(database => Task.Run(async () =>
        {
            var rig = await ScheduleRig.OpenAsync(endpoint, database, factory);
            try
            {
                await work(async (plan, choices) =>
                {
                    ScheduleResult? result;
                    try
                    {
                        result = await ScheduleRun.RunAsync(rig, plan, choices);
                    }
                    catch (DivergedException)
                    {
                        rig = await ScheduleRig.OpenAsync(endpoint, database, factory);
                        throw;
                    }
#pragma warning disable CA1031 // It is counted as what it is, and the others go on.
                    catch (Exception exception)
#pragma warning restore CA1031
                    {
                        _counts.AddOrUpdate($"{exception.GetType().Name} in a schedule of {plan}: {exception.Message}", 1, static (_, count) => count + 1);
                        rig = await ScheduleRig.OpenAsync(endpoint, database, factory);
                        return;
                    }

                    if (result is not null && isNew?.Invoke(result.Schedule) != false)
                    {
                        Note(result);
                        if (result.Broken?.Promise == BrokenPromise.Stuck)
                        {
                            // Nobody waits for a store that does not end.
                            rig = await ScheduleRig.OpenAsync(endpoint, database, factory);
                        }
                    }
                });
            }
            finally
            {
                await rig.DisposeAsync();
            }
        })));

    private void Note(ScheduleResult result)
    {
        Interlocked.Increment(ref _schedules);
        if (result.Broken is not { } broken)
        {
            return;
        }

        _counts.AddOrUpdate(broken.Kind, 1, static (_, count) => count + 1);
        _examples.AddOrUpdate(broken.Kind, result, (_, known) => known.Schedule.Steps.Count <= result.Schedule.Steps.Count ? known : result);
    }
}
