namespace Shadowcat.Sessions.Chaos;

/// <summary>How a scenario is run.</summary>
internal sealed record ChaosOptions
{
    /// <summary>How long disturbances follow each other.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How many callers append at a time.</summary>
    public required int Writers { get; init; }

    /// <summary>The options of the stores.</summary>
    public required TimeSpan OperationTimeout { get; init; }

    /// <summary>How long after the server's return everything has to work again.</summary>
    public required TimeSpan Recovery { get; init; }

    /// <summary>What the choices of the run begin from.</summary>
    public required int Seed { get; init; }

    /// <summary>How much longer than the operation timeout a caller may wait.</summary>
    public TimeSpan Overrun { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many callers read sessions and frames at a time.</summary>
    public int Readers { get; } = 4;

    /// <summary>How many callers create, update and delete sessions at a time.</summary>
    public int Churners { get; } = 4;

    /// <summary>How many sessions the writers share.</summary>
    public int Sessions => Math.Max(4, Writers);
}
