using System.Diagnostics;

namespace Shadowcat.Sessions.Servers;

/// <summary>Waits for something another process does, without guessing how long it takes.</summary>
public static class Poll
{
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(15);

    /// <summary>Machines are busy, and only a test that fails waits for so long.</summary>
    private static readonly TimeSpan Longest = 4 * DefaultDeadline;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks until the answer is yes; fails with <paramref name="what"/> at the deadline.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        TimeSpan limit = deadline ?? Longest;
        long started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);

        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {what}");
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
