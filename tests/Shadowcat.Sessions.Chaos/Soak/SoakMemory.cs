namespace Shadowcat.Sessions.Chaos.Soak;

/// <summary>How much memory there was, in MiB: medians of the first and of the last third, and the extremes.</summary>
internal sealed record SoakMemory(double Early, double Late, double Least, double Most)
{
    /// <summary>By how much of the early memory it grew.</summary>
    public double Growth => (Late / Early) - 1;

    public static SoakMemory Of(IEnumerable<long> samples)
    {
        var all = samples.Select(bytes => bytes / (1024.0 * 1024.0)).ToList();
        var third = Math.Max(1, all.Count / 3);
        return new SoakMemory(Median(all.Take(third)), Median(all.TakeLast(third)), all.Min(), all.Max());
    }

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
