using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>The identity of a session: opaque, 1 to 256 visible ASCII characters (0x21 to 0x7E), compared ordinally.</summary>
/// <remarks>
/// The identity is the store's own. What a transport calls its session, such as the <c>Mcp-Session-Id</c> header,
/// is an attribute of a session (<see cref="Session.TransportSessionId"/>): some transports have none, and the MCP
/// revision 2026-07-28 removed it from Streamable HTTP. <c>default(SessionId)</c> is no identity; every store refuses it.
/// </remarks>
[JsonConverter(typeof(SessionsJsonConverter))]
public readonly struct SessionId : IEquatable<SessionId>, IComparable<SessionId>, ISpanParsable<SessionId>
{
    /// <summary>The greatest length of an identity, in characters.</summary>
    public const int MaxLength = 256;

    private readonly string? _value;

    /// <summary>Takes an identity that somebody else minted.</summary>
    /// <param name="value">1 to 256 visible ASCII characters.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty, too long, or holds a character outside 0x21 to 0x7E.</exception>
    public SessionId(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Fault(value) is { } fault)
        {
            throw new ArgumentException(fault, nameof(value));
        }

        _value = value;
    }

    /// <summary>True for <c>default(SessionId)</c>, which names no session.</summary>
    public bool IsDefault => _value is null;

    /// <summary>The characters of the identity; empty for <c>default(SessionId)</c>.</summary>
    public string Value => _value ?? "";

    /// <summary>Mints an identity of 32 hexadecimal digits that sorts by the time it was minted.</summary>
    /// <param name="timeProvider">Where the time comes from; null means the system's clock.</param>
    /// <returns>A UUID of version 7 without dashes: 48 bits of time in milliseconds and 74 random bits.</returns>
    /// <seealso href="https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7"/>
    public static SessionId New(TimeProvider? timeProvider = null) =>
        new(Guid.CreateVersion7((timeProvider ?? TimeProvider.System).GetUtcNow()).ToString("N"));

    /// <inheritdoc/>
    public static SessionId Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static SessionId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => new(s.ToString());

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SessionId result)
    {
        var valid = Fault(s) is null;
        result = valid ? new SessionId(s!) : default; // the same string, not a copy
        return valid;
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out SessionId result)
    {
        var valid = Fault(s) is null;
        result = valid ? new SessionId(s.ToString()) : default;
        return valid;
    }

    /// <inheritdoc/>
    public bool Equals(SessionId other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is SessionId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value is null ? 0 : _value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public int CompareTo(SessionId other) => string.CompareOrdinal(_value, other._value);

    /// <summary>Returns <see cref="Value"/>.</summary>
    public override string ToString() => Value;

    /// <summary>Compares two identities ordinally.</summary>
    public static bool operator ==(SessionId left, SessionId right) => left.Equals(right);

    /// <summary>Compares two identities ordinally.</summary>
    public static bool operator !=(SessionId left, SessionId right) => !left.Equals(right);

    /// <summary>Orders two identities ordinally.</summary>
    public static bool operator <(SessionId left, SessionId right) => left.CompareTo(right) < 0;

    /// <summary>Orders two identities ordinally.</summary>
    public static bool operator <=(SessionId left, SessionId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders two identities ordinally.</summary>
    public static bool operator >(SessionId left, SessionId right) => left.CompareTo(right) > 0;

    /// <summary>Orders two identities ordinally.</summary>
    public static bool operator >=(SessionId left, SessionId right) => left.CompareTo(right) >= 0;

    private static string? Fault(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
        {
            return "A session id must not be empty.";
        }

        if (value.Length > MaxLength)
        {
            return $"A session id has at most {MaxLength} characters; this one has {value.Length}.";
        }

        var position = value.IndexOfAnyExceptInRange('!', '~');
        return position < 0
            ? null
            : $"A session id has visible ASCII characters only; the character at position {position} is U+{(int)value[position]:X4}.";
    }
}
