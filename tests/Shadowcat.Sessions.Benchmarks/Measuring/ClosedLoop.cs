using System.Diagnostics;
using HdrHistogram;

namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>Drives an operation with a number of callers, each of which calls again as soon as it has its answer.</summary>
internal static class ClosedLoop
{
    private const long LongestNanoseconds = 60_000_000_000;
    private const int Digits = 2;

    private static readonly Dictionary<int, long> OwnAllocation = [];

    public static async Task<Round> RunAsync<T>(Operation<T> operation, int callers, TimeSpan duration)
    {
        var own = await OwnAllocationAsync(callers);
        var round = await MeasureAsync(operation, callers, duration);
        return round with { Allocated = Math.Max(0, round.Allocated - own) };
    }

    /// <summary>What the loop itself allocates: measured once for each number of callers, with an operation that does nothing.</summary>
    private static async Task<long> OwnAllocationAsync(int callers)
    {
        if (!OwnAllocation.TryGetValue(callers, out var own))
        {
            var idle = new Nothing();
            await MeasureAsync(idle, callers, TimeSpan.Zero);
            OwnAllocation[callers] = own = (await MeasureAsync(idle, callers, TimeSpan.Zero)).Allocated;
        }

        return own;
    }

    private static async Task<Round> MeasureAsync<T>(Operation<T> operation, int callers, TimeSpan duration)
    {
        await operation.BeginRoundAsync(callers);
        try
        {
            var latencies = Enumerable.Range(0, callers).Select(_ => NewHistogram()).ToArray();
            var tasks = new Task[callers];

            // Neither side begins with the other's garbage.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            var begin = Stopwatch.GetTimestamp();
            var deadline = begin + (long)(duration.TotalSeconds * Stopwatch.Frequency);
            for (var i = 0; i < callers; i++)
            {
                var caller = i;
                tasks[i] = Task.Run(() => CallUntilAsync(operation, caller, deadline, latencies[caller]));
            }

            await Task.WhenAll(tasks);
            var elapsed = Stopwatch.GetElapsedTime(begin);
            allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            var total = NewHistogram();
            foreach (var latency in latencies)
            {
                total.Add(latency);
            }

            return new Round(total.TotalCount * operation.CallsPerReading, elapsed, total, allocated);
        }
        finally
        {
            await operation.EndRoundAsync();
        }
    }

    private static async Task CallUntilAsync<T>(Operation<T> operation, int caller, long deadline, LongHistogram latencies)
    {
        var together = operation.CallsPerReading;
        var toNanoseconds = 1e9 / Stopwatch.Frequency / together;
        var begin = Stopwatch.GetTimestamp();
        for (var call = 0L; call < operation.CallsPerCaller;)
        {
            for (var i = 0; i < together; i++)
            {
                await operation.CallAsync(caller, call++);
            }

            var end = Stopwatch.GetTimestamp();
            latencies.RecordValue(Math.Clamp((long)((end - begin) * toNanoseconds), 1, LongestNanoseconds));
            begin = end;
            if (end >= deadline)
            {
                break;
            }
        }
    }

    private static LongHistogram NewHistogram() => new(LongestNanoseconds, Digits);

    private sealed class Nothing : Operation<bool>
    {
        public override ValueTask<bool> CallAsync(int caller, long call) => default;
    }
}
