namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>One figure of both sides: the medians, and how the ratios of the rounds spread.</summary>
internal sealed record Figures(double Ours, double? Reference, Spread? Ratio);
