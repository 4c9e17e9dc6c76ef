using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>What a follower needs to know of a session.</summary>
/// <param name="List">Its list of frames.</param>
/// <param name="IsClosed">Whether nothing is expected any more.</param>
internal readonly record struct FollowedSession(FrameList List, bool IsClosed)
{
    private static readonly RedisValue[] Fields = [.. FrameList.Fields, "session"];

    /// <summary>Looks at a session.</summary>
    /// <exception cref="SessionNotFoundException">There is none.</exception>
    public static async Task<FollowedSession> ReadAsync(IDatabase database, RedisPartition partition, SessionId id)
    {
        var (list, fields) = await FrameList.ReadAsync(database, partition, Operations.FollowFrames, id, Fields).ConfigureAwait(false);
        return new FollowedSession(list ?? throw new SessionNotFoundException(Operations.FollowFrames, id), SessionDescription.TryRead(((ReadOnlyMemory<byte>)fields[^1]).Span, out var description, out _) && description.IsClosed);
    }
}
