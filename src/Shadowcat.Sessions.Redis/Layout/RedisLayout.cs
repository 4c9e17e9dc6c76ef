using System.IO.Hashing;
using System.Runtime.InteropServices;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>How sessions are spread over partitions, as the layout record on the server says.</summary>
internal sealed class RedisLayout
{
    /// <summary>The version of the keys' layout, written into the record.</summary>
    public const int Schema = 3;

    /// <summary>The fields of the layout record that say how sessions are spread.</summary>
    public static readonly RedisValue[] RecordFields = ["schema", "partitions", "tags"];

    private readonly RedisPartition[] _partitions;
    private readonly string _tags;

    /// <param name="prefix">The key prefix.</param>
    /// <param name="tags">The suffix of each partition's hash tag; one partition has the prefix itself as its tag.</param>
    /// <param name="publishesChanges">Whether changes to sessions are published.</param>
    public RedisLayout(string prefix, IReadOnlyList<int> tags, bool publishesChanges = false)
    {
        _tags = string.Join(',', tags);
        var (changes, followed) = (publishesChanges ? ChangesChannel(prefix) : "", FollowedChannel(prefix));
        _partitions = tags.Count == 1
            ? [new RedisPartition(0, prefix, changes, followed)]
            : [.. tags.Select((tag, number) => new RedisPartition(number, FormattableString.Invariant($"{prefix}:{tag}"), changes, followed))];
    }

    /// <summary>The suffixes of the partitions' hash tags, as the record has them.</summary>
    public string Tags => _tags;

    public IReadOnlyList<RedisPartition> Partitions => _partitions;

    /// <summary>The key of the layout record. It has no hash tag: it belongs to no partition.</summary>
    public static RedisKey RecordKey(string prefix) => prefix + ":layout";

    /// <summary>Whether a record, by its <see cref="RecordFields"/>, is of this layout.</summary>
    public bool IsRecordedBy(RedisValue[] fields) =>
        fields is [var schema, var partitions, var tags] && schema == Schema && partitions == _partitions.Length && string.Equals((string?)tags, _tags, StringComparison.Ordinal);

    /// <summary>The channel that changes to sessions are published on, whatever their partition.</summary>
    public static string ChangesChannel(string prefix) => prefix + ":changes";

    /// <summary>The channel that followers of sessions are notified on, whatever the partition.</summary>
    public static string FollowedChannel(string prefix) => prefix + ":followed";

    /// <summary>The partition of a session: XXH32 of the id's characters, two bytes each, little-endian, modulo the number of partitions. Part of the layout: never changes.</summary>
    public RedisPartition PartitionOf(SessionId id)
    {
        if (_partitions.Length == 1)
        {
            return _partitions[0];
        }

        var hash = XxHash32.HashToUInt32(MemoryMarshal.AsBytes(id.Value.AsSpan()));
        return _partitions[hash % (uint)_partitions.Length];
    }
}
