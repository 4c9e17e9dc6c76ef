namespace Shadowcat.Sessions.Benchmarks.Rows;

/// <summary>The figures asked for.</summary>
/// <param name="Good">What is good.</param>
/// <param name="Wanted">What is wanted.</param>
/// <param name="OfRatio">Whether they are of the ratio or of our own figure.</param>
/// <param name="AtMost">Whether less is better.</param>
internal sealed record Goal(double Good, double Wanted, bool OfRatio, bool AtMost)
{
    public static Goal RatioAtLeast(double good, double wanted) => new(good, wanted, OfRatio: true, AtMost: false);

    public static Goal RatioAtMost(double good, double wanted) => new(good, wanted, OfRatio: true, AtMost: true);

    public static Goal OursAtMost(double good, double wanted) => new(good, wanted, OfRatio: false, AtMost: true);

    public bool Meets(double value, double asked) => AtMost ? value <= asked : value >= asked;
}
