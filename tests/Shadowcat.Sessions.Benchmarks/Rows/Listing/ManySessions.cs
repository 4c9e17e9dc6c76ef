using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Listing;

/// <summary>100 000 sessions, made once for all rows about them. They go when the run ends.</summary>
internal static class ManySessions
{
    private const int Population = 100_000;
    private const int Rounds = 3;

    public static Task<SessionId[]> CreateAsync(Bench bench) => bench.OnceAsync("100k sessions", () => SampleSessions.CreateAsync(bench.Store, Population));

    /// <summary>One listing takes seconds: three rounds, and one before them, are enough.</summary>
    public static Pace Pace(Bench bench) => bench.Pace with { Rounds = Math.Min(Rounds, bench.Pace.Rounds), WarmUp = TimeSpan.Zero };
}
