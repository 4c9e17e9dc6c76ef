namespace Shadowcat.Sessions.Chaos.Soak;

/// <summary>How a soak is run.</summary>
internal sealed record SoakOptions
{
    /// <summary>How long writers write.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How many sessions are written to at a time.</summary>
    public required int Sessions { get; init; }

    /// <summary>How many callers append at a time.</summary>
    public required int Writers { get; init; }

    /// <summary>How long a session lives that nobody writes to any more.</summary>
    public TimeSpan TimeToLive { get; } = TimeSpan.FromSeconds(20);

    /// <summary>How many frames a session gets before another one takes its place.</summary>
    public int FramesEach { get; } = 50;

    /// <summary>How much more memory there may be at the end than at the beginning.</summary>
    public double Growth { get; } = 0.10;

    /// <summary>How long it takes until everything that is kept for speed is there: not looked at.</summary>
    public TimeSpan WarmUp => Duration / 4 > TimeSpan.FromSeconds(20) ? Duration / 4 : TimeSpan.FromSeconds(20);
}
