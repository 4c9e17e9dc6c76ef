using System.Text;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The keys of one partition. All keys of sessions are built here; scripts get them as arguments, and only take the id from the key of a session.</summary>
/// <remarks>
/// All keys of a partition share the hash tag in front, so they live in one slot of a cluster and change together. The tag
/// comes before anything a caller chose: braces and colons in an id cannot reach another slot or another session.
/// </remarks>
internal sealed class RedisPartition
{
    // As bytes: appending an id to them makes a key without copying either.
    private readonly RedisKey _sessions;
    private readonly RedisKey _frames;
    private readonly RedisKey _reaped;

    /// <param name="number">The number of the partition, from 0 on.</param>
    /// <param name="tag">What stands between the braces; without braces itself.</param>
    /// <param name="changes">The channel that changes are published on; empty where they are not.</param>
    /// <param name="followed">The channel that followers of sessions subscribe to.</param>
    public RedisPartition(int number, string tag, string changes = "", string followed = "")
    {
        Number = number;
        Changes = changes;
        Followed = followed;
        Active = $"{{{tag}}}:sessions:active";
        Expiry = $"{{{tag}}}:sessions:expiry";
        Index = $"{{{tag}}}:sessions:index";
        Operations = $"{{{tag}}}:operations";
        Probe = $"{{{tag}}}:probe";
        _sessions = Encoding.UTF8.GetBytes($"{{{tag}}}:session:");
        var frames = Encoding.UTF8.GetBytes($"{{{tag}}}:frames:");
        _frames = frames;
        PlaceOfToken = [frames.Length + 1];
        _reaped = Encoding.UTF8.GetBytes($"{{{tag}}}:reaped:");
    }

    public int Number { get; }

    /// <summary>What is known of the lists of frames.</summary>
    public KnownLists Lists { get; } = new();

    /// <summary>SET of the ids of live sessions.</summary>
    public RedisKey Active { get; }

    /// <summary>ZSET of id to a lower bound of its deadline, for exact counts and for reaping.</summary>
    public RedisKey Expiry { get; }

    /// <summary>ZSET of id to when the session was created, in ms: listing in that order.</summary>
    public RedisKey Index { get; }

    /// <summary>ZSET of idempotency records: operations that deleted, and sessions (generation and id) that ended or may end soon, with when that was.</summary>
    public RedisKey Operations { get; }

    /// <summary>STRING that is set and deleted in one step, to check that the server accepts writes.</summary>
    public RedisKey Probe { get; }

    /// <summary>The channel that changes to sessions are published on; empty where they are not.</summary>
    public RedisValue Changes { get; }

    /// <summary>The channel that followers of sessions subscribe to.</summary>
    public RedisValue Followed { get; }

    /// <summary>HASH of the fields of a session.</summary>
    public RedisKey Session(SessionId id) => _sessions.Append(id.Value);

    /// <summary>The key of the session that an index entry names, whatever the entry is.</summary>
    public RedisKey Session(RedisValue entry) => _sessions.Append((byte[]?)entry);

    /// <summary>LIST of the frames of a session, under its fencing token.</summary>
    public RedisKey Frames(SessionId id, string token) => _frames.Append($"{token}:{id.Value}");

    /// <summary>For scripts, which count from 1: at which byte of the key of a list its fencing token begins.</summary>
    public RedisValue[] PlaceOfToken { get; }

    /// <summary>LIST of the ids that an operation removed from the indexes.</summary>
    public RedisKey Reaped(string operation) => _reaped.Append(operation);
}
