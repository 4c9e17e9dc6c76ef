using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions.Redis;

/// <summary>Chooses hash tags that spread partitions evenly over the slots of a cluster.</summary>
/// <remarks>
/// The tags 0, 1, 2, … fall into slots as they please: with 256 of them the fullest of 12 nodes gets 1.31 times the mean. Instead
/// the slots are cut into as many ranges as there are partitions, and each range gets the first number that falls into it.
/// </remarks>
/// <seealso href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#key-distribution-model"/>
internal static class PartitionTags
{
    public const int Slots = 16384;

    /// <summary>One number for each partition, in the order of their ranges of slots.</summary>
    public static int[] Choose(string prefix, int partitions)
    {
        if (partitions == 1)
        {
            return [0];
        }

        var tags = new int[partitions];
        Array.Fill(tags, -1);
        for (var (candidate, missing) = (0, partitions); missing > 0; candidate++)
        {
            var range = (int)((long)SlotOf(string.Create(CultureInfo.InvariantCulture, $"{prefix}:{candidate}")) * partitions / Slots);
            if (tags[range] < 0)
            {
                tags[range] = candidate;
                missing--;
            }
        }

        return tags;
    }

    /// <summary>The slot of a hash tag: CRC16 (XMODEM) of its bytes modulo 16384.</summary>
    public static int SlotOf(string tag)
    {
        var crc = 0;
        foreach (var octet in Encoding.UTF8.GetBytes(tag))
        {
            crc ^= octet << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = ((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xFFFF;
            }
        }

        return crc % Slots;
    }
}
