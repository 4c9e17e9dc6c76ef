using Shadowcat.Sessions.Chaos.Checking;
using Shadowcat.Sessions.Chaos.Reporting;
using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>One scenario whose histories are judged, from its first server to the last verdict.</summary>
internal sealed class HistoryRun : IAsyncDisposable
{
    private static readonly TimeSpan LongestRecovery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(60);

    private readonly HistoryScenario _scenario;
    private readonly ChaosOptions _options;
    private readonly Random _random;
    private readonly Findings _findings = new();
    private readonly HistoryTotals _totals = new();
    private readonly StallMeter _stalls = new();
    private readonly IReadOnlyList<HistoryGroup> _groups;
    private readonly List<double> _recoveries = [];
    private TimeSpan _longest;

    private HistoryRun(HistoryScenario scenario, ChaosOptions options)
    {
        (_scenario, _options, _random) = (scenario, options, new Random(options.Seed));
        _groups = HistoryGroup.Of(scenario, options);
    }

    private IEnumerable<HistoryStore> Stores => _groups.SelectMany(group => group.Stores);

    public static async Task<ScenarioResult> RunAsync(HistoryScenario scenario, ChaosOptions options, CancellationToken cancellationToken)
    {
        await scenario.StartAsync();
        await using var run = new HistoryRun(scenario, options);
        return await run.RunAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in Stores)
        {
            await store.DisposeAsync();
        }

        await _stalls.DisposeAsync();
    }

    private async Task<ScenarioResult> RunAsync(CancellationToken cancellationToken)
    {
        var begun = Clock.Now;
        using var judge = new HistoryJudge(_findings, _options.Seed, auditsSequences: _scenario.Mix.TellsLoss);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = Task.WhenAll(Enumerable.Range(0, _scenario.Mix.Slots).Select(number => WorkAsync(number, judge, stopping.Token)));
        var watching = new KeyWatch(() => _scenario.Direct, ScenarioRun.Prefix, _findings, _scenario.KeysEndTogether).RunAsync(stopping.Token);
        while (Clock.Now - begun < _options.Duration && !working.IsCompleted)
        {
            await Task.Delay(_scenario.Rest, cancellationToken);
            await DisturbAsync();
        }

        await stopping.CancelAsync();
        await EndAsync(working);
        await watching;
        var elapsed = Clock.Now - begun;
        var judged = await judge.FinishAsync();
        if (judged.Sessions == 0)
        {
            _findings.Add(Breach.History, "no history was judged: nothing is known.");
        }

        return Result(elapsed, _stalls.Within(begun, begun + elapsed)) with { Judged = judged, Pieces = [.. judge.Pieces] };
    }

    private async Task WorkAsync(int number, HistoryJudge judge, CancellationToken stopping)
    {
        try
        {
            await new HistorySlot(number, _scenario, _groups[number % _groups.Count], judge, _totals, _findings, new Random(_random.Next())).RunAsync(stopping);
        }
#pragma warning disable CA1031 // What is not expected is a finding.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _findings.Add(Breach.Error, $"the clients of slot {number} came to an end: {exception}");
        }
    }

    private async Task DisturbAsync()
    {
        var begun = Clock.Now;
        await _scenario.DisturbAsync(_random);
        var returned = Clock.Now;
        try
        {
            await Poll.UntilAsync(() => Task.FromResult(Stores.All(store => store.Served > returned)), "every store is served again", LongestRecovery);
        }
        catch (TimeoutException)
        {
            var unserved = Stores.Where(store => store.Served <= returned).Select(store => store.Name);
            _findings.Add(Breach.SlowRecovery, $"disturbance {_recoveries.Count + 1} at {begun.TotalSeconds:0.000} s: {string.Join(", ", unserved)} could write nothing within {LongestRecovery.TotalSeconds} s of the return.");
            await _scenario.HealAsync();
        }

        var now = Clock.Now;
        var recovery = now - returned - _stalls.Within(returned, now);
        if (recovery > _options.Recovery + _scenario.Mix.Pause && recovery < LongestRecovery)
        {
            _findings.Add(Breach.SlowRecovery, $"disturbance {_recoveries.Count + 1} at {begun.TotalSeconds:0.000} s: every store could write again {recovery.TotalMilliseconds:0} ms after the return.");
        }

        _recoveries.Add(recovery.TotalMilliseconds);
        _longest = now - begun > _longest ? now - begun : _longest;
    }

    /// <summary>Waits for what is under way; what never ends is a finding, and the rest is judged all the same.</summary>
    private async Task EndAsync(Task working)
    {
        try
        {
            await working.WaitAsync(LongestEnd);
        }
        catch (TimeoutException)
        {
            _findings.Add(Breach.Hung, $"something has no answer {LongestEnd.TotalSeconds} s after the end of the run.");
        }
    }

    private ScenarioResult Result(TimeSpan elapsed, TimeSpan stalled)
    {
        _recoveries.Sort();
        return new ScenarioResult(
            _scenario.Name,
            elapsed.TotalSeconds,
            !_findings.Any,
            _recoveries.Count,
            _totals.Appended,
            _totals.Failures,
            _recoveries.Count > 0 ? _longest.TotalMilliseconds : null,
            _recoveries.Count > 0 ? _recoveries[_recoveries.Count / 2] : null,
            _recoveries.Count > 0 ? _recoveries[^1] : null,
            _totals.Longest.TotalMilliseconds,
            stalled.TotalMilliseconds,
            LostByServers: 0,
            _findings.Counts,
            [.. _findings.Descriptions]);
    }
}
