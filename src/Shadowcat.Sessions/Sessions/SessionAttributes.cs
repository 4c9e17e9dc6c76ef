using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>
/// What an application notes about a session for itself, such as the address of the upstream, its session id, or the replica: an immutable map of at most 32 texts, in the
/// ordinal order of their keys, equal when its entries are.
/// </summary>
[JsonConverter(typeof(SessionsJsonConverter))]
public sealed class SessionAttributes : IReadOnlyDictionary<string, string>, IEquatable<SessionAttributes>
{
    /// <summary>The greatest number of attributes of one session.</summary>
    public const int MaxCount = 32;

    /// <summary>The greatest length of a key, in characters.</summary>
    public const int MaxKeyLength = 64;

    /// <summary>The greatest length of a value, in characters.</summary>
    public const int MaxValueLength = 1024;

    private readonly ImmutableSortedDictionary<string, string> _entries;

    private SessionAttributes(ImmutableSortedDictionary<string, string> entries) => _entries = entries;

    /// <summary>No attributes.</summary>
    public static SessionAttributes None { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <inheritdoc/>
    public IEnumerable<string> Values => _entries.Values;

    /// <inheritdoc/>
    public string this[string key] => _entries[key];

    /// <summary>Copies entries.</summary>
    /// <param name="entries">
    /// At most 32 entries. Keys have 1 to 64 characters, none of them a control character, and occur once by ordinal comparison; values have 0 to 1024 characters. Neither has an unpaired surrogate.
    /// </param>
    /// <exception cref="ArgumentException">A bound is broken, a key occurs twice, or a key or value is null or has a character it must not have.</exception>
    public static SessionAttributes Create(IEnumerable<KeyValuePair<string, string>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var copy = None._entries.ToBuilder();
        foreach (var (key, value) in entries)
        {
            Check(key, value);
            if (!copy.TryAdd(key, value))
            {
                throw new ArgumentException($"The attribute '{key}' occurs twice.", nameof(entries));
            }

            if (copy.Count > MaxCount)
            {
                throw new ArgumentException($"A session has at most {MaxCount} attributes.", nameof(entries));
            }
        }

        return copy.Count == 0 ? None : new SessionAttributes(copy.ToImmutable());
    }

    /// <summary>These attributes with one of them set.</summary>
    /// <param name="key">1 to 64 characters.</param>
    /// <param name="value">0 to 1024 characters.</param>
    /// <exception cref="ArgumentException">A bound is broken, there would be more than 32 attributes, or the key or value is null or has a character it must not have.</exception>
    public SessionAttributes With(string key, string value)
    {
        Check(key, value);
        var changed = _entries.SetItem(key, value);
        return changed.Count <= MaxCount
            ? new SessionAttributes(changed)
            : throw new ArgumentException($"A session has at most {MaxCount} attributes.", nameof(key));
    }

    /// <summary>These attributes without one of them; the same where it is not among them.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public SessionAttributes Without(string key) => ContainsKey(key) ? new SessionAttributes(_entries.Remove(key)) : this;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => _entries.TryGetValue(key, out value);

    /// <inheritdoc/>
    public bool Equals(SessionAttributes? other) => other is not null && _entries.SequenceEqual(other._entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SessionAttributes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var (key, value) in _entries)
        {
            hash.Add(key);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary>The keys, separated by commas. Values are left out, since they may be confidential.</summary>
    public override string ToString() => string.Join(", ", Keys);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void Check(string key, string value)
    {
        StoredText.Check(key, minLength: 1, MaxKeyLength, "The key of an attribute", nameof(key));
        StoredText.CheckEncodable(value, MaxValueLength, "The value of an attribute", nameof(value));
    }
}
