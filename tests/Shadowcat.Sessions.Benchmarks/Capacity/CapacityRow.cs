namespace Shadowcat.Sessions.Benchmarks.Capacity;

/// <summary>A figure about many sessions.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Figure">The figure, with its unit.</param>
/// <param name="Longest">The longest command of the server meanwhile; empty for what is no command.</param>
internal sealed record CapacityRow(string What, string Figure, string Longest);
