using System.Diagnostics;
using System.Security.Cryptography;
using HdrHistogram;

namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>Something is written while somebody waits for it: how long until that one has it. Between the calls nothing happens for a while, so that they come at any time for whoever looks now and then.</summary>
/// <param name="longestPause">How long that while is at most, in ms.</param>
internal abstract class WakeUp(int longestPause) : IRunnable, IAsyncDisposable
{
    private const long LongestNanoseconds = 60_000_000_000;
    private const int Digits = 2;

    public async Task<Round> RunAsync(int callers, TimeSpan duration)
    {
        var latencies = new LongHistogram(LongestNanoseconds, Digits);
        var begin = Stopwatch.GetTimestamp();
        do
        {
            var reading = ReadAsync();
            await Task.Delay(RandomNumberGenerator.GetInt32(longestPause));
            var written = Stopwatch.GetTimestamp();
            await WriteAsync();
            await reading;
            latencies.RecordValue((long)Stopwatch.GetElapsedTime(written).TotalNanoseconds);
        }
        while (Stopwatch.GetElapsedTime(begin) < duration);
        return new Round(latencies.TotalCount, Stopwatch.GetElapsedTime(begin), latencies, Allocated: 0);
    }

    public abstract ValueTask DisposeAsync();

    protected abstract Task WriteAsync();

    protected abstract Task ReadAsync();
}
