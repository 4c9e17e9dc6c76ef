using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>The appends of one session that wait, and the session's keys, so that they are not built anew for each frame. Guarded by the queue's lock.</summary>
internal sealed class SessionChannel(SessionId id, RedisPartition partition)
{
    public SessionId Id { get; } = id;

    public RedisKey SessionKey { get; } = (byte[])partition.Session(id)!;

    public RedisKey FramesKey { get; } = (byte[])partition.Frames(id)!;

    public Queue<PendingAppend> Waiting { get; } = new();

    /// <summary>Whether it stands in line for a call, or is part of one under way: a session is never in two.</summary>
    public bool IsTaken { get; set; }
}
