using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>The keys of one partition. This is the only file that builds keys of sessions.</summary>
/// <remarks>
/// All keys of a partition share the hash tag in front, so they live in one slot of a cluster and change together. The tag
/// comes before anything a caller chose: braces and colons in an id cannot reach another slot or another session.
/// </remarks>
internal sealed class RedisPartition
{
    private readonly string _sessions;
    private readonly string _frames;
    private readonly string _tombstones;

    /// <param name="number">Which partition.</param>
    /// <param name="tag">What stands between the braces; without braces itself.</param>
    public RedisPartition(int number, string tag)
    {
        Number = number;
        Active = $"{{{tag}}}:sessions:active";
        Expiry = $"{{{tag}}}:sessions:expiry";
        Index = $"{{{tag}}}:sessions:index";
        Writers = $"{{{tag}}}:writers";
        _sessions = $"{{{tag}}}:session:";
        _frames = $"{{{tag}}}:frames:";
        _tombstones = $"{{{tag}}}:tombstone:";
    }

    public int Number { get; }

    /// <summary>What is known of the names of lists.</summary>
    public ListNames Lists { get; } = new();

    /// <summary>SET of the ids of live sessions.</summary>
    public RedisKey Active { get; }

    /// <summary>ZSET of id to a lower bound of its deadline, for exact counts and for reaping.</summary>
    public RedisKey Expiry { get; }

    /// <summary>ZSET of ids at score 0, for listing in the order of ids.</summary>
    public RedisKey Index { get; }

    /// <summary>HASH of writer to its newest append call and what it was answered.</summary>
    public RedisKey Writers { get; }

    /// <summary>HASH of the fields of a session.</summary>
    public RedisKey Session(SessionId id) => _sessions + id.Value;

    /// <summary>The key of the session that an index entry names, whatever the entry is.</summary>
    public RedisKey Session(RedisValue entry) => new RedisKey(_sessions).Append((byte[]?)entry);

    /// <summary>LIST of the frames of a session, under one of its names. No name has a colon in it, so no two lists have the same key.</summary>
    public RedisKey Frames(SessionId id, string list) =>
        string.Equals(list, ListNames.First, StringComparison.Ordinal) ? _frames + id.Value : $"{_frames}{id.Value}:{list}";

    /// <summary>STRING that a deleted session leaves for a while.</summary>
    public RedisKey Tombstone(SessionId id) => _tombstones + id.Value;
}
