using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>A label on a session: 1 to 128 characters without control characters, compared ordinally.</summary>
[JsonConverter(typeof(SessionsJsonConverter))]
public readonly struct SessionTag : IEquatable<SessionTag>, IComparable<SessionTag>
{
    /// <summary>The greatest length of a tag, in characters.</summary>
    public const int MaxLength = 128;

    private readonly string? _value;

    /// <summary>Takes a label.</summary>
    /// <param name="value">1 to 128 characters, none of them a control character or half of a surrogate pair.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty, too long, or holds a control character or an unpaired surrogate.</exception>
    public SessionTag(string value)
    {
        StoredText.Check(value, minLength: 1, MaxLength, "A session tag", nameof(value));
        _value = value;
    }

    /// <summary>The characters of the tag; empty for <c>default(SessionTag)</c>.</summary>
    public string Value => _value ?? "";

    /// <summary>Lets a string literal stand where a tag is asked for: <c>Tags = ["prod", "eu"]</c>.</summary>
    public static implicit operator SessionTag(string value) => new(value);

    /// <inheritdoc/>
    public bool Equals(SessionTag other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is SessionTag other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public int CompareTo(SessionTag other) => string.CompareOrdinal(_value, other._value);

    /// <summary>Returns <see cref="Value"/>.</summary>
    public override string ToString() => Value;

    /// <summary>Compares two tags ordinally.</summary>
    public static bool operator ==(SessionTag left, SessionTag right) => left.Equals(right);

    /// <summary>Compares two tags ordinally.</summary>
    public static bool operator !=(SessionTag left, SessionTag right) => !left.Equals(right);

    /// <summary>Orders two tags ordinally.</summary>
    public static bool operator <(SessionTag left, SessionTag right) => left.CompareTo(right) < 0;

    /// <summary>Orders two tags ordinally.</summary>
    public static bool operator <=(SessionTag left, SessionTag right) => left.CompareTo(right) <= 0;

    /// <summary>Orders two tags ordinally.</summary>
    public static bool operator >(SessionTag left, SessionTag right) => left.CompareTo(right) > 0;

    /// <summary>Orders two tags ordinally.</summary>
    public static bool operator >=(SessionTag left, SessionTag right) => left.CompareTo(right) >= 0;
}
