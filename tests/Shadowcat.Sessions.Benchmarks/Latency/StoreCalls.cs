using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Latency;

/// <summary>One member of the store, called for one session after the other.</summary>
/// <param name="bench">What it works with.</param>
/// <param name="name">Its name in the table.</param>
/// <param name="call">The call: for a caller's session, the how-manieth.</param>
/// <param name="frames">How many frames each session has before.</param>
/// <param name="reads">How many sessions one call reads.</param>
/// <param name="once">How often each caller calls, each time for another session that only it has; null to go round until the time is up.</param>
internal sealed class StoreCalls(
    Bench bench, string name, Func<ISessionStore, StoreCalls, int, ValueTask> call, int frames = 0, int? once = null, int reads = 1) : Operation<bool>
{
    private const int Population = 1000;

    private int _callers;

    public string Name { get; } = name;

    /// <summary>How many sessions one call reads. The figure asked for is about single operations.</summary>
    public int Reads { get; } = reads;

    public override long CallsPerCaller => once ?? long.MaxValue;

    /// <summary>The sessions there are in this round.</summary>
    public Session[] Sessions { get; private set; } = [];

    /// <summary>Frames of each session, ready to be appended.</summary>
    public MessageEnvelope[][] Frames { get; private set; } = [];

    public override async Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        var ids = await SampleSessions.CreateAsync(bench.Store, once * callers ?? Population);
        Sessions = [.. (await bench.Store.GetSessionsAsync(ids)).Select(session => session!)];
        Frames = [.. ids.Select(id => Messages.Envelopes(id, 10))];
        for (var i = 0; i < frames; i += 10)
        {
            await Parallel.ForAsync(0, ids.Length, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (session, cancellationToken) =>
                await bench.Store.AddFramesAsync(ids[session], Frames[session], cancellationToken));
        }
    }

    public override async Task EndRoundAsync()
    {
        await SampleSessions.DeleteAsync(bench.Store, [.. Sessions.Select(session => session.Id)]);
        await bench.SettleAsync();
    }

    public override async ValueTask<bool> CallAsync(int caller, long number)
    {
        var session = once is { } calls ? (int)((caller * calls) + number) : Turns.Next(caller, _callers, number, Sessions.Length);
        await call(bench.Store, this, session);
        return true;
    }
}
