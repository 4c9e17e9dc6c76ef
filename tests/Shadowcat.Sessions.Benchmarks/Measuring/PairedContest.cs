using System.Diagnostics;
using HdrHistogram;

namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>Measures two sides call by call in turn, by one caller: whatever disturbs the machine disturbs as many calls of either.</summary>
/// <remarks>
/// For differences that are small. <see cref="Contest"/> shows some percent where both sides are the same: many callers find ever new ways to share the processor.
/// One caller waits for nothing but its own call, so what a side costs is as great a part of it as it gets. What a side allocates cannot be seen here.
/// </remarks>
internal static class PairedContest
{
    private const long LongestNanoseconds = 60_000_000_000;
    private const int Digits = 3;

    public static async Task<ContestResult> RunAsync<T>(Operation<T> ours, Operation<T> reference, Pace pace)
    {
        await ours.BeginRoundAsync(callers: 1);
        await reference.BeginRoundAsync(callers: 1);
        await WarmUp.RunAsync(() => MeasureAsync(ours, reference, 2 * pace.WarmUp));
        var result = new ContestResult([], []);
        for (var round = 0; round < pace.Rounds; round++)
        {
            var (own, others) = await MeasureAsync(ours, reference, 2 * pace.Round);
            result.Ours.Add(own);
            result.Reference.Add(others);
        }

        await ours.EndRoundAsync();
        await reference.EndRoundAsync();
        return result;
    }

    private static async Task<(Round Ours, Round Reference)> MeasureAsync<T>(Operation<T> ours, Operation<T> reference, TimeSpan duration)
    {
        var (own, others) = (new Side<T>(ours), new Side<T>(reference));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var begin = Stopwatch.GetTimestamp();
        for (var call = 0L; Stopwatch.GetElapsedTime(begin) < duration; call += 2)
        {
            // Neither is always the one that finds what the other has just left.
            await own.CallAsync(call);
            await others.CallAsync(call);
            await others.CallAsync(call + 1);
            await own.CallAsync(call + 1);
        }

        return (own.Round, others.Round);
    }

    private sealed class Side<T>(Operation<T> operation)
    {
        private readonly LongHistogram _latencies = new(LongestNanoseconds, Digits);
        private long _elapsed;

        public Round Round => new(_latencies.TotalCount, Stopwatch.GetElapsedTime(0, _elapsed), _latencies, Allocated: 0);

        public async ValueTask CallAsync(long call)
        {
            var begin = Stopwatch.GetTimestamp();
            await operation.CallAsync(caller: 0, call);
            var elapsed = Stopwatch.GetTimestamp() - begin;
            _elapsed += elapsed;
            _latencies.RecordValue(Math.Clamp((long)(elapsed * (1e9 / Stopwatch.Frequency)), 1, LongestNanoseconds));
        }
    }
}
