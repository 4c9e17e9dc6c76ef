using System.IO.Hashing;

namespace Shadowcat.Sessions;

/// <summary>What was read of late, by the bytes that it was read from: the sessions of a program have few different peers, versions, tags and owners.</summary>
/// <typeparam name="T">An immutable class, since one object serves many sessions.</typeparam>
/// <param name="read">Reads bytes.</param>
internal sealed class RecentValues<T>(Func<ReadOnlySpan<byte>, T> read)
    where T : class
{
    private const int Entries = 256;

    /// <summary>What is longer is read anew each time: with this bound the memory is bounded, too.</summary>
    private const int MaxBytes = 512;

    private readonly Entry?[] _entries = new Entry?[Entries];

    public T Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            return read(utf8);
        }

        ref var place = ref _entries[XxHash3.HashToUInt64(utf8) % Entries];
        if (Volatile.Read(ref place) is { } entry && utf8.SequenceEqual(entry.Utf8))
        {
            return entry.Value;
        }

        var value = read(utf8);
        Volatile.Write(ref place, new Entry(utf8.ToArray(), value));
        return value;
    }

    private sealed record Entry(byte[] Utf8, T Value);
}
