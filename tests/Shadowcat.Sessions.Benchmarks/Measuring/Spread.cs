namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>The median of some rounds and the least and greatest of them.</summary>
internal sealed record Spread(double Median, double Least, double Greatest)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }
}
