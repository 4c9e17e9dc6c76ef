namespace Shadowcat.Sessions;

/// <summary>The state of an <see cref="ISessionBuffer"/> at one moment. The totals count from when it was made.</summary>
public sealed record SessionBufferStatus
{
    /// <summary>Whether the store serves.</summary>
    public required SessionBufferState State { get; init; }

    /// <summary>Since when something waits because the store does not serve, by this process's clock; null where nothing does.</summary>
    public DateTimeOffset? OutageSince { get; init; }

    /// <summary>What the store said last when it did not serve; null where it does.</summary>
    public SessionStoreException? Fault { get; init; }

    /// <summary>How many frames are in the buffer, those on their way to the store among them.</summary>
    public required long WaitingFrames { get; init; }

    /// <summary>How many sessions that are to be created are in it.</summary>
    public required long WaitingSessions { get; init; }

    /// <summary>How many bytes all of it takes, in stored form.</summary>
    public required long WaitingBytes { get; init; }

    /// <summary>How many frames were stored after they had waited through an outage.</summary>
    public required long ReplayedFrames { get; init; }

    /// <summary>How many frames were refused because the buffer was full.</summary>
    public required long RefusedFrames { get; init; }

    /// <summary>How many accepted frames were given up, each with its reason in <see cref="Accepted{T}.Stored"/>.</summary>
    public required long LostFrames { get; init; }
}
