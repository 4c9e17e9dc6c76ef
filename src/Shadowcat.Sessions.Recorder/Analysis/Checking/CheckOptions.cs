namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>What counts as wrong.</summary>
internal sealed record CheckOptions
{
    /// <summary>An answer that takes longer is late.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The ids of the rules that are left out.</summary>
    public IReadOnlySet<string> Ignored { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}
