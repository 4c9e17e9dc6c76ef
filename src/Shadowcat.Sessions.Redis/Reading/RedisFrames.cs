namespace Shadowcat.Sessions.Redis;

/// <summary>Begins to read frames.</summary>
/// <param name="backend">Where from.</param>
/// <param name="maxFrameBytes">How large a frame can be.</param>
internal sealed class RedisFrames(RedisBackend backend, int maxFrameBytes)
{
    /// <summary>Reads a range; each enumeration anew.</summary>
    /// <param name="operation">What the caller asked for.</param>
    /// <param name="id">The session.</param>
    /// <param name="range">Which frames.</param>
    /// <param name="known">What is known of the list, and which generation is meant; null for the one that is found.</param>
    /// <param name="position">Where an earlier read ended, which this one continues; null where there was none.</param>
    public FrameReading Read(string operation, SessionId id, FrameRange range, FrameList? known = null, ReadPosition? position = null) => new(operation, id, cancellationToken =>
        new RedisFramePages(backend, operation, id, range, known, position ?? new ReadPosition(), maxFrameBytes, cancellationToken));
}
