namespace Shadowcat.Sessions;

/// <summary>What a single call takes at most, whichever the store and its options.</summary>
public static class SessionStoreLimits
{
    /// <summary>The greatest number of frames in one <see cref="ISessionStore.AddFramesAsync"/>.</summary>
    public const int MaxBatchFrames = 1000;

    /// <summary>The greatest number of sessions in one <see cref="ISessionStore.ListSessionPageAsync"/>.</summary>
    public const int MaxPageSize = 1000;

    /// <summary>The greatest sequence that the frames of a session can begin at: 2^40.</summary>
    public const long MaxFirstSequence = 1L << 40;
}
