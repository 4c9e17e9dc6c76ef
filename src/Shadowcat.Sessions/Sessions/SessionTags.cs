using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>The tags of a session: an immutable set of at most 64, in ordinal order, equal when its tags are.</summary>
[JsonConverter(typeof(SessionsJsonConverter))]
[CollectionBuilder(typeof(SessionTags), nameof(Create))]
public sealed class SessionTags : IReadOnlyCollection<SessionTag>, IEquatable<SessionTags>
{
    /// <summary>The greatest number of tags on one session.</summary>
    public const int MaxCount = 64;

    private readonly ImmutableSortedSet<SessionTag> _tags;

    private SessionTags(ImmutableSortedSet<SessionTag> tags) => _tags = tags;

    /// <summary>No tags.</summary>
    public static SessionTags None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _tags.Count;

    /// <summary>Collects tags; a tag given twice counts once.</summary>
    /// <param name="tags">At most 64 different tags.</param>
    /// <exception cref="ArgumentException">A tag is <c>default</c>, or there are more than 64.</exception>
    public static SessionTags Create(ReadOnlySpan<SessionTag> tags)
    {
        if (tags.IsEmpty)
        {
            return None;
        }

        if (tags.Contains(default))
        {
            throw new ArgumentException("A session tag must not be empty.", nameof(tags));
        }

        var set = ImmutableSortedSet.Create(tags);
        return set.Count <= MaxCount
            ? new SessionTags(set)
            : throw new ArgumentException($"A session has at most {MaxCount} tags; these are {set.Count}.", nameof(tags));
    }

    /// <summary>Whether a tag is among these.</summary>
    public bool Contains(SessionTag tag) => _tags.Contains(tag);

    /// <summary>Whether all of the other tags are among these.</summary>
    public bool ContainsAll(SessionTags other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _tags.IsSupersetOf(other._tags);
    }

    /// <inheritdoc/>
    public bool Equals(SessionTags? other) => other is not null && _tags.SequenceEqual(other._tags);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SessionTags);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var tag in _tags)
        {
            hash.Add(tag);
        }

        return hash.ToHashCode();
    }

    /// <summary>The tags, separated by commas.</summary>
    public override string ToString() => string.Join(", ", _tags);

    /// <inheritdoc/>
    public IEnumerator<SessionTag> GetEnumerator() => ((IEnumerable<SessionTag>)_tags).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
