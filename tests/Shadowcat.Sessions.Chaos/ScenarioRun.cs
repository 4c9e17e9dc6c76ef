using Shadowcat.Sessions.Chaos.Checking;
using Shadowcat.Sessions.Chaos.Reporting;
using Shadowcat.Sessions.Chaos.Scenarios;
using Shadowcat.Sessions.Chaos.Workload;
using Shadowcat.Sessions.Redis;
using Shadowcat.Sessions.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Chaos;

/// <summary>One scenario from its first server to its last check.</summary>
internal sealed class ScenarioRun : IAsyncDisposable
{
    public const string Prefix = "chaos";

    private static readonly TimeSpan LongestRecovery = TimeSpan.FromSeconds(30);

    private readonly Scenario _scenario;
    private readonly ChaosOptions _options;
    private readonly Random _random;
    private readonly Findings _findings = new();
    private readonly StallMeter _stalls = new();
    private readonly Calls _calls;
    private readonly List<Disturbance> _disturbances = [];
    private readonly List<RedisSessionStore> _stores = [];
    private readonly List<BufferedSessionStore> _buffers = [];
    private volatile Disturbance? _current;

    private ScenarioRun(Scenario scenario, ChaosOptions options)
    {
        _scenario = scenario;
        _options = options;
        _random = new Random(options.Seed);
        _calls = new Calls(options, scenario.RefusesWrites, _findings, _stalls);
    }

    public static async Task<ScenarioResult> RunAsync(Scenario scenario, ChaosOptions options, CancellationToken cancellationToken)
    {
        await scenario.StartAsync();
        await using var run = new ScenarioRun(scenario, options);
        return await run.RunAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var buffer in _buffers)
        {
            await buffer.DisposeAsync();
        }

        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        await _stalls.DisposeAsync();
    }

    private async Task<ScenarioResult> RunAsync(CancellationToken cancellationToken)
    {
        // Two stores write, as two processes would; another one reads.
        var (one, other, reading) = (NewStore(), NewStore(), NewStore());
        var sessions = new List<SessionId>();
        for (var session = 0; session < _options.Sessions; session++)
        {
            sessions.Add((await one.CreateSessionAsync(new Session(SessionId.New(), TransportType.StreamableHttp), cancellationToken)).Id);
        }

        var ledger = new Ledger(sessions, _options.Writers);
        var churners = Enumerable.Range(0, _options.Churners)
            .Select(churner => new Churner(churner % 2 == 0 ? one : other, _calls, _findings, _scenario.LosesNewest, NewRandom())).ToList();
        using var stopping = new CancellationTokenSource();
        var begun = Clock.Now;
        var working = Work(ledger, churners, one, other, reading, stopping.Token);
        await DisturbAsync(sessions, begun, cancellationToken);
        await stopping.CancelAsync();
        await FinishAsync(working);
        var elapsed = Clock.Now - begun;
        CheckBuffers();

        await using var direct = await ConnectionMultiplexer.ConnectAsync(await _scenario.FindAsync());
        var verification = new Verification(direct, Prefix, ledger, _findings, _scenario.LosesNewest);
        await verification.RunAsync([.. churners.SelectMany(churner => churner.Left)]);
        var failovers = _disturbances.Select(disturbance => new Failover(disturbance.Begun, disturbance.Returned!.Value)).Concat(_scenario.Failovers).ToList();
        foreach (var acknowledged in verification.LostByServers.Where(moment => !failovers.Exists(failover => failover.MayLose(moment, _options.Recovery))))
        {
            _findings.Add(Breach.OldLoss, $"a frame acknowledged at {acknowledged.TotalSeconds:0.000} s was lost by no failover.");
        }

        return ScenarioResult.Of(_scenario.Name, elapsed, _disturbances, ledger.Total, _calls, _stalls.Within(begun, begun + elapsed), verification.LostByServers.Count, _findings) with
        {
            Events = _findings.Any ? _scenario.Events : [],
        };
    }

    private Task Work(Ledger ledger, List<Churner> churners, RedisSessionStore one, RedisSessionStore other, RedisSessionStore reading, CancellationToken stopping) =>
        Task.WhenAll(
        [
            .. _scenario.IsBuffered ? BufferedWrite(ledger, [NewBuffer(one), NewBuffer(other)], stopping) : Write(ledger, [one, other], stopping),
            .. Enumerable.Range(0, _options.Readers).Select(_ => Task.Run(
                () => new Reader(reading, ledger, _calls, _findings, _scenario.LosesNewest, NewRandom()).RunAsync(Note, stopping), CancellationToken.None)),
            .. churners.Select(churner => Task.Run(() => churner.RunAsync(stopping), CancellationToken.None)),
            Task.Run(() => new Lister(reading, ledger, _calls, _findings, _scenario.LosesNewest).RunAsync(stopping), CancellationToken.None),
        ]);

    private IEnumerable<Task> Write(Ledger ledger, RedisSessionStore[] stores, CancellationToken stopping) =>
        Enumerable.Range(0, _options.Writers).Select(writer => Task.Run(
            () => new Writer(writer, stores[writer % 2], ledger, _calls, NewRandom()).RunAsync(Note, stopping), CancellationToken.None));

    private IEnumerable<Task> BufferedWrite(Ledger ledger, BufferedSessionStore[] stores, CancellationToken stopping) =>
        Enumerable.Range(0, _options.Writers).Select(writer => Task.Run(
            () => new BufferedWriter(writer, stores[writer % 2], accepts: writer / 2 % 2 == 0, ledger, _calls, _findings, NewRandom()).RunAsync(Note, stopping), CancellationToken.None));

    private async Task DisturbAsync(IReadOnlyList<SessionId> sessions, TimeSpan begun, CancellationToken cancellationToken)
    {
        await Task.Delay(_scenario.Rest, cancellationToken);
        while (Clock.Now - begun < _options.Duration)
        {
            var disturbance = new Disturbance(sessions);
            _current = disturbance;
            await _scenario.DisturbAsync(disturbance, _random);
            try
            {
                await Poll.UntilAsync(() => Task.FromResult(disturbance.IsOver), "everything works again", LongestRecovery);
            }
            catch (TimeoutException)
            {
                _findings.Add(Breach.SlowRecovery, $"disturbance {_disturbances.Count + 1}: something did not work again within {LongestRecovery.TotalSeconds} s.");
                return;
            }

            await Task.Delay(_scenario.Rest, cancellationToken);
            Note(disturbance);
            disturbance.End();
            await _scenario.RestoreAsync();
        }
    }

    private void Note(int session, bool succeeded)
    {
        if (_current is { } disturbance)
        {
            disturbance.Note(session, succeeded);
        }
        else if (!succeeded)
        {
            _findings.Add(Breach.Collateral, "a call failed before anything was disturbed.");
        }
    }

    private void Note(Disturbance disturbance)
    {
        _disturbances.Add(disturbance);
        var returned = disturbance.Returned!.Value;
        var recovery = disturbance.Recovery - _stalls.Within(returned, returned + disturbance.Recovery);
        if (recovery > _options.Recovery)
        {
            _findings.Add(Breach.SlowRecovery, $"disturbance {_disturbances.Count} at {disturbance.Begun.TotalSeconds:0.000} s: everything worked again {recovery.TotalMilliseconds:0} ms after the return.");
        }

        if (disturbance.Collateral > 0)
        {
            _findings.Add(Breach.Collateral, $"disturbance {_disturbances.Count}: {disturbance.Collateral} calls failed for sessions that have nothing to do with it.");
        }
    }

    /// <summary>Waits for the calls that are still under way, for as long as they may take and a good while longer.</summary>
    private async Task FinishAsync(Task working)
    {
        try
        {
            await working.WaitAsync(2 * _options.OperationTimeout + TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            foreach (var (name, begun) in _calls.Pending.DefaultIfEmpty(("somebody who makes no call", TimeSpan.Zero)))
            {
                _findings.Add(Breach.Hung, $"{name}, begun at {begun.TotalSeconds:0.000} s, has no answer at {Clock.Now.TotalSeconds:0.000} s.");
            }
        }
    }

    /// <summary>Looks whether a buffer refused or lost something, or still has it.</summary>
    private void CheckBuffers()
    {
        foreach (var status in _buffers.Select(buffer => buffer.Status).Where(status => status.LostFrames + status.RefusedFrames + status.WaitingFrames > 0))
        {
            _findings.Add(Breach.Lost, $"a buffer lost {status.LostFrames} frames, refused {status.RefusedFrames} and still has {status.WaitingFrames}.");
        }
    }

    private BufferedSessionStore NewBuffer(RedisSessionStore store)
    {
        var buffer = new BufferedSessionStore(store);
        _buffers.Add(buffer);
        return buffer;
    }

    private RedisSessionStore NewStore()
    {
        var store = new RedisSessionStore(new RedisSessionStoreOptions
        {
            Configuration = _scenario.Configuration,
            KeyPrefix = Prefix,
            OperationTimeout = _options.OperationTimeout,
        });
        _stores.Add(store);
        return store;
    }

    private Random NewRandom() => new(_random.Next());
}
