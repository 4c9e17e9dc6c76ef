using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>A place in the indexes of all partitions, one after the other.</summary>
/// <param name="Partition">The partition; as many as there are at the end.</param>
/// <param name="After">The entry behind which the place is; null at the beginning of the partition.</param>
internal readonly record struct IndexPlace(int Partition, RedisValue After)
{
    /// <summary>The place behind entries that were read from here; where they were fewer than asked for, the partition has no more.</summary>
    public IndexPlace Behind(RedisValue[] entries, int wanted) =>
        entries.Length < wanted ? new IndexPlace(Partition + 1, default) : this with { After = entries[^1] };

    /// <summary>Reads entries by ZRANGEBYLEX.</summary>
    public Task<RedisValue[]> ReadAsync(IDatabase database, RedisLayout layout, int count) =>
        database.SortedSetRangeByValueAsync(layout.Partitions[Partition].Index, min: After, exclude: Exclude.Start, take: count);
}
