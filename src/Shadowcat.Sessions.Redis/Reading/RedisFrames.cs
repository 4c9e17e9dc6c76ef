namespace Shadowcat.Sessions.Redis;

/// <summary>Begins to read frames, for whichever purpose.</summary>
/// <param name="backend">Where from.</param>
/// <param name="maxFrameBytes">How large a frame can be.</param>
internal sealed class RedisFrames(RedisBackend backend, int maxFrameBytes)
{
    /// <summary>Reads a range; each enumeration anew.</summary>
    /// <param name="operation">What the caller asked for.</param>
    /// <param name="id">The session.</param>
    /// <param name="range">Which frames.</param>
    /// <param name="known">What is known of the list, and which life of the id is meant; null for the one that is found.</param>
    /// <param name="trail">Where an earlier reading came to, which this one goes on from; null where there was none.</param>
    public FrameReading Read(string operation, SessionId id, FrameRange range, FrameList? known = null, FrameTrail? trail = null) => new(operation, id, cancellationToken =>
        new RedisFramePages(backend, operation, id, range, known, trail ?? new FrameTrail(), maxFrameBytes, cancellationToken));
}
