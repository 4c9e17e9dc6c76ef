using System.Diagnostics;
using System.Text;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Reporting;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Capacity;

/// <summary>What many sessions take of a server, and how long it takes to look at them.</summary>
/// <param name="bench">The server, which has nothing else on it.</param>
/// <param name="population">How many sessions there are.</param>
internal sealed class CapacityRun(Bench bench, int population)
{
    private const int CallersAtOnce = 256;
    private const int SmallFrame = 100;
    private const int LargeFrames = 10;

    /// <summary>Of sessions with large frames, fewer are enough: their memory grows as their number does.</summary>
    private const int WithLargeFrames = 20_000;

    private const int PageSize = 100;
    private const int Expiring = 10_000;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(2);

    private readonly SlowLog _slowLog = new(bench.Server);
    private readonly List<CapacityRow> _rows = [];

    /// <summary>Measures. It takes a few minutes for a million sessions.</summary>
    public async Task<IReadOnlyList<CapacityRow>> RunAsync(CancellationToken cancellationToken)
    {
        await _slowLog.EnableAsync();
        await MeasureLargeFramesAsync(cancellationToken);
        var ids = await FillAsync(cancellationToken);
        await MeasureReadingAsync(ids, cancellationToken);
        await MeasureReapingAsync(cancellationToken);
        return _rows;
    }

    private async Task MeasureLargeFramesAsync(CancellationToken cancellationToken)
    {
        var before = await bench.UsedMemoryAsync();
        var ids = await SampleSessions.CreateAsync(bench.Store, WithLargeFrames);
        var begin = Stopwatch.GetTimestamp();
        await ForEachAsync(ids, async id => await bench.Store.AddFramesAsync(id, Messages.Envelopes(id, LargeFrames)), cancellationToken);
        await AddAsync($"appending {LargeFrames} frames of {Messages.Bytes} B to {ids.Length:N0} sessions, {CallersAtOnce} callers", Rate(begin, ids.Length));
        await AddMemoryAsync($"a session with {LargeFrames} frames of {Messages.Bytes} B", before, ids.Length);
        begin = Stopwatch.GetTimestamp();
        await SampleSessions.DeleteAsync(bench.Store, ids);
        await AddAsync($"deleting these, {CallersAtOnce} callers", Rate(begin, ids.Length));
    }

    private async Task<SessionId[]> FillAsync(CancellationToken cancellationToken)
    {
        var before = await bench.UsedMemoryAsync();
        var begin = Stopwatch.GetTimestamp();
        var ids = await SampleSessions.CreateAsync(bench.Store, population);
        await AddAsync($"creating {population:N0} sessions, {CallersAtOnce} callers", Rate(begin, population));
        await AddMemoryAsync("a session without frames", before, population);

        var payload = Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search_documents"}}""".PadRight(SmallFrame));
        begin = Stopwatch.GetTimestamp();
        await ForEachAsync(
            ids,
            async id => await bench.Store.AddFrameAsync(new MessageEnvelope(id, MessageDirection.ClientToServer, TransportType.StreamableHttp, payload, TimeProvider.System.GetUtcNow())),
            cancellationToken);
        await AddAsync($"appending a frame of {SmallFrame} B to each, {CallersAtOnce} callers", Rate(begin, population));
        await AddMemoryAsync($"a session with a frame of {SmallFrame} B", before, population);
        return ids;
    }

    private async Task MeasureReadingAsync(SessionId[] ids, CancellationToken cancellationToken)
    {
        var middle = (await bench.Store.GetSessionAsync(ids[ids.Length / 2], cancellationToken))!;
        var behind = new SessionFilter { CreatedSince = middle.CreatedAt };
        await TimeAsync("a get", () => bench.Store.GetSessionAsync(middle.Id, cancellationToken));
        await TimeAsync($"a page of {PageSize}, from the oldest on", () => bench.Store.ListSessionPageAsync(pageSize: PageSize, cancellationToken: cancellationToken));
        await TimeAsync($"a page of {PageSize}, from the middle on", () => bench.Store.ListSessionPageAsync(behind, PageSize, cancellationToken: cancellationToken));
        await TimeAsync($"a page of {PageSize}, from the middle on, 64 callers", () => bench.Store.ListSessionPageAsync(behind, PageSize, cancellationToken: cancellationToken), callers: 64);
        await TimeAsync("counting all", () => bench.Store.CountSessionsAsync(cancellationToken));
        var begin = Stopwatch.GetTimestamp();
        await new ListOperation(bench.Store, ids.Length).CallAsync(0, 0);
        await AddAsync("listing all", Rate(begin, ids.Length));
    }

    private async Task MeasureReapingAsync(CancellationToken cancellationToken)
    {
        await TimeAsync("reaping where none expired", () => bench.Store.ReapExpiredSessionsAsync(cancellationToken));
        await Parallel.ForAsync(0, Expiring, new ParallelOptions { MaxDegreeOfParallelism = CallersAtOnce, CancellationToken = cancellationToken }, async (_, cancellation) =>
            await bench.Store.CreateSessionAsync(SampleSessions.New() with { TimeToLive = ShortLife }, cancellation));
        await Task.Delay(2 * ShortLife, cancellationToken);
        await _slowLog.TakeLongestAsync();
        var begin = Stopwatch.GetTimestamp();
        var reaped = await bench.Store.ReapExpiredSessionsAsync(cancellationToken);
        if (reaped != Expiring)
        {
            throw new InvalidOperationException($"{reaped} sessions were reaped.");
        }

        await AddAsync($"reaping {Expiring:N0} that expired", Rate(begin, Expiring));
    }

    private async Task TimeAsync<T>(string what, Func<ValueTask<T>> call, int callers = 1)
    {
        var operation = new StoreCall<T>(call);
        await WarmUp.RunAsync(() => operation.RunAsync(callers, bench.Pace.WarmUp));
        await _slowLog.TakeLongestAsync();
        var round = await operation.RunAsync(callers, Round);
        await AddAsync(what, $"p50 {Numbers.Duration(round.Milliseconds(50))}, p95 {Numbers.Duration(round.Milliseconds(95))}, longest {Numbers.Duration(round.Milliseconds(100))}");
    }

    private async Task AddMemoryAsync(string what, long before, int sessions) => Add($"memory of {what}", $"{(await bench.UsedMemoryAsync() - before) / sessions:N0} B", longest: "");

    private async Task AddAsync(string what, string figure) => Add(what, figure, await _slowLog.TakeLongestAsync());

    private void Add(string what, string figure, string longest)
    {
        Console.Error.WriteLine($"{what}: {figure}{(longest.Length > 0 ? $", longest command {longest}" : "")}");
        _rows.Add(new CapacityRow(what, figure, longest));
    }

    private static Task ForEachAsync(SessionId[] ids, Func<SessionId, Task> call, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        ids, new ParallelOptions { MaxDegreeOfParallelism = CallersAtOnce, CancellationToken = cancellationToken }, async (id, _) => await call(id));

    private static string Rate(long begin, int sessions)
    {
        var elapsed = Stopwatch.GetElapsedTime(begin);
        return $"{Numbers.Text(elapsed.TotalSeconds)} s, {sessions / elapsed.TotalSeconds:N0} a second";
    }
}
