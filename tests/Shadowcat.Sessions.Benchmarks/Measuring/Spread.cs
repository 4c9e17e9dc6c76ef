namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>The median of some rounds, and between what the middle half of them lies.</summary>
internal sealed record Spread(double Median, double Lower, double Upper)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new Spread(At(0.5), At(0.25), At(0.75));

        double At(double quantile)
        {
            var place = quantile * (sorted.Length - 1);
            var below = (int)place;
            var above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
        }
    }
}
