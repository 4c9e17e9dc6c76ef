namespace Shadowcat.Sessions;

/// <summary>The options that every store has: how long sessions live, and how much of them is kept. They are checked when the store is made, and at start-up where it is registered.</summary>
/// <remarks>They are read once, when the store is made: later changes of the configuration have no effect.</remarks>
public sealed class SessionStoreOptions
{
    /// <summary>How long a session lives without activity, unless it has a lifetime of its own.</summary>
    /// <value>1 ms to 3650 days; one hour by default.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a session lives at most, active or not, unless it has a lifetime of its own.</summary>
    /// <value>1 ms to 3650 days; null, the default, for no such bound.</value>
    public TimeSpan? MaxLifetime { get; set; }

    /// <summary>The greatest payload of one frame.</summary>
    /// <value>1 byte to 256 MiB; 4 MiB by default.</value>
    public int MaxFrameBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The greatest sum of payloads in one <see cref="ISessionStore.AddFramesAsync"/>.</summary>
    /// <value>1 byte to 256 MiB, not below <see cref="MaxFrameBytes"/>; 16 MiB by default.</value>
    public int MaxBatchBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How many frames of a session are kept.</summary>
    /// <value>1 to 4294967295, what a Redis list holds; null, the default, for no such bound.</value>
    public long? MaxFramesPerSession { get; set; }

    /// <summary>How many bytes of frames, as stored, are kept of a session. With <see cref="FrameOverflow.TrimOldest"/> the newest frame is kept whatever its size.</summary>
    /// <value>1 byte to 1 TiB; null, the default, for no such bound.</value>
    public long? MaxFramesBytesPerSession { get; set; }

    /// <summary>What happens where a session has as many frames as it may keep.</summary>
    /// <value><see cref="FrameOverflow.TrimOldest"/> by default.</value>
    public FrameOverflow FrameOverflow { get; set; } = FrameOverflow.TrimOldest;

    /// <summary>How often a registered store reclaims what expired sessions left behind.</summary>
    /// <value>100 ms to one day; 30 s by default.</value>
    public TimeSpan ReapInterval { get; set; } = TimeSpan.FromSeconds(30);
}
