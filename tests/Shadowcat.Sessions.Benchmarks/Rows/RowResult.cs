using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Rows;

/// <summary>What a row gave.</summary>
/// <param name="Row">The row.</param>
/// <param name="Figures">Both sides, in the row's unit.</param>
/// <param name="Latencies">How long one call of ours took.</param>
/// <param name="Allocated">The managed bytes that one operation of ours allocates.</param>
internal sealed record RowResult(Row Row, Figures Figures, Latencies? Latencies, double? Allocated)
{
    /// <summary>What the goal is held against.</summary>
    public double Value => Row.Goal is { OfRatio: false } ? Figures.Ours : Figures.Ratio!.Median;
}
