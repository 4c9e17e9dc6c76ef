namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>How long and how often is measured.</summary>
/// <param name="Rounds">Rounds for each side.</param>
/// <param name="Round">The length of one round.</param>
/// <param name="WarmUp">How long each side runs before the first round counts.</param>
internal sealed record Pace(int Rounds, TimeSpan Round, TimeSpan WarmUp)
{
    public static Pace Default { get; } = new(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.8));

    public static Pace Quick { get; } = new(3, TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(0.3));
}
