using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions;

/// <summary>Where a listing goes on: behind which id, in which of how many partitions. It names a place in the order of ids and nothing of a server, so it outlives any of them.</summary>
/// <param name="Partition">The partition to go on in.</param>
/// <param name="Partitions">How many partitions there are; a token of another layout is refused.</param>
/// <param name="After">The last id looked at; <c>default</c> to begin with the partition.</param>
internal readonly record struct PageToken(int Partition, int Partitions, SessionId After)
{
    private const string Prefix = "1.";

    /// <summary>Reads a token, or begins at the beginning where there is none.</summary>
    /// <exception cref="ArgumentException">It is not a token of a listing over this many partitions.</exception>
    public static PageToken Parse(string? continuationToken, int partitions)
    {
        if (continuationToken is null)
        {
            return new PageToken(0, partitions, default);
        }

        return TryParse(continuationToken, out var token) && token.Partitions == partitions && token.Partition < partitions
            ? token
            : throw new ArgumentException("Not a continuation token of this store.", nameof(continuationToken));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Partition}.{Partitions}.{After.Value}")));

    private static bool TryParse(string text, out PageToken token)
    {
        token = default;
        if (text.Length > 1024 || !Base64Url.IsValid(text))
        {
            return false;
        }

        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split('.', 4);
        if (parts.Length != 4
            || !string.Equals(parts[0], Prefix[..^1], StringComparison.Ordinal)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var partitions))
        {
            return false;
        }

        SessionId after = default;
        if (parts[3].Length > 0 && !SessionId.TryParse(parts[3], null, out after))
        {
            return false;
        }

        token = new PageToken(partition, partitions, after);
        return true;
    }
}
