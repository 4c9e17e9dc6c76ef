namespace Shadowcat.Sessions.Benchmarks.Measuring;

/// <summary>How long and how often is measured.</summary>
/// <param name="Rounds">Rounds for each side.</param>
/// <param name="Round">The length of one round.</param>
/// <param name="WarmUp">How long each side runs at a time before the first round counts; see <see cref="Measuring.WarmUp"/>.</param>
internal sealed record Pace(int Rounds, TimeSpan Round, TimeSpan WarmUp)
{
    /// <summary>Many short rounds: on a machine that does other things as well, they show more than few long ones.</summary>
    public static Pace Default { get; } = new(9, TimeSpan.FromSeconds(0.6), TimeSpan.FromSeconds(1.5));

    public static Pace Quick { get; } = new(5, TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.4));
}
