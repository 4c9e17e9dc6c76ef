using System.Globalization;

namespace Shadowcat.Sessions.Servers;

/// <summary>What a cluster says of one of its nodes.</summary>
/// <param name="Id">Its name in the cluster.</param>
/// <param name="Process">The process.</param>
/// <param name="IsPrimary">Whether it is a primary that the others believe to be there.</param>
/// <param name="PrimaryId">The primary that it follows, if it is a replica.</param>
/// <param name="Slots">The slots it serves.</param>
/// <seealso href="https://redis.io/docs/latest/commands/cluster-nodes/"/>
public sealed record ClusterNode(string Id, RedisProcess Process, bool IsPrimary, string? PrimaryId, IReadOnlyList<(int First, int Last)> Slots)
{
    /// <summary>How many slots it serves.</summary>
    public int SlotCount => Slots.Sum(range => range.Last - range.First + 1);

    public bool Serves(int slot) => Slots.Any(range => range.First <= slot && slot <= range.Last);

    internal static ClusterNode Parse(string line, IEnumerable<RedisProcess> processes)
    {
        var fields = line.Trim().Split(' ');
        var address = fields[1][..fields[1].IndexOf('@')];
        var flags = fields[2].Split(',');
        return new ClusterNode(
            fields[0],
            processes.First(process => process.Endpoint == address),
            flags.Contains("master") && !flags.Contains("fail") && fields.Length > 8,
            fields[3] is "-" ? null : fields[3],
            [.. fields.Skip(8).Where(slots => slots[0] is not '[').Select(Range)]);
    }

    private static (int First, int Last) Range(string slots)
    {
        var bounds = slots.Split('-');
        return (int.Parse(bounds[0], CultureInfo.InvariantCulture), int.Parse(bounds[^1], CultureInfo.InvariantCulture));
    }
}
