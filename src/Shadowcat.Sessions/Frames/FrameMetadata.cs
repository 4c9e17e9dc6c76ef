using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>What a transport said beside a message — headers, stream id, event id, HTTP status, trace id: an immutable map of text, equal when its entries are.</summary>
[JsonConverter(typeof(SessionsJsonConverter))]
public sealed class FrameMetadata : IReadOnlyDictionary<string, string>, IEquatable<FrameMetadata>
{
    /// <summary>The greatest number of entries on one frame.</summary>
    public const int MaxCount = 128;

    /// <summary>The greatest length of a key, in characters.</summary>
    public const int MaxKeyLength = 256;

    /// <summary>The greatest length of a value, in characters.</summary>
    public const int MaxValueLength = 16 * 1024;

    private readonly Dictionary<string, string> _entries;

    private FrameMetadata(Dictionary<string, string> entries) => _entries = entries;

    /// <summary>No metadata.</summary>
    public static FrameMetadata None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <inheritdoc/>
    public IEnumerable<string> Values => _entries.Values;

    /// <inheritdoc/>
    public string this[string key] => _entries[key];

    /// <summary>Copies entries.</summary>
    /// <param name="entries">At most 128 entries; keys of 1 to 256 characters, each once by ordinal comparison; values of at most 16384 characters.</param>
    /// <exception cref="ArgumentException">A bound is broken, a key occurs twice, or a key or value is null or has an unpaired surrogate or, for a key, a control character.</exception>
    public static FrameMetadata Create(IEnumerable<KeyValuePair<string, string>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var copy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            StoredText.Check(key, minLength: 1, MaxKeyLength, "A metadata key", nameof(entries));

            // A header's value may hold a tab; only what UTF-8 cannot carry is refused.
            StoredText.CheckEncodable(value, MaxValueLength, "A metadata value", nameof(entries));
            if (!copy.TryAdd(key, value))
            {
                throw new ArgumentException($"The metadata key '{key}' occurs twice.", nameof(entries));
            }

            if (copy.Count > MaxCount)
            {
                throw new ArgumentException($"A frame has at most {MaxCount} metadata entries.", nameof(entries));
            }
        }

        return copy.Count == 0 ? None : new FrameMetadata(copy);
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => _entries.TryGetValue(key, out value);

    /// <inheritdoc/>
    public bool Equals(FrameMetadata? other) =>
        other is not null
        && Count == other.Count
        && _entries.All(entry => other._entries.TryGetValue(entry.Key, out var value) && value == entry.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FrameMetadata);

    /// <inheritdoc/>
    public override int GetHashCode() => _entries.Aggregate(0, (hash, entry) => hash ^ HashCode.Combine(entry.Key, entry.Value));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Takes entries read from a stored frame, which the reader has already bounded, without another copy.</summary>
    internal static FrameMetadata Adopt(Dictionary<string, string> entries) => entries.Count == 0 ? None : new FrameMetadata(entries);
}
