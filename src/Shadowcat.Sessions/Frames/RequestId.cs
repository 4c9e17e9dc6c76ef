using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shadowcat.Sessions;

/// <summary>The <c>id</c> of a JSON-RPC request with its JSON type: <c>1</c> and <c>"1"</c> are two ids.</summary>
/// <seealso href="https://www.jsonrpc.org/specification#request_object"/>
public readonly struct RequestId : IEquatable<RequestId>
{
    /// <summary>The greatest length of a request id, in characters.</summary>
    public const int MaxLength = 1024;

    private readonly string? _value;

    private RequestId(string value, bool isNumber)
    {
        _value = value;
        IsNumber = isNumber;
    }

    /// <summary>True where the id is a JSON number, false where it is a string.</summary>
    public bool IsNumber { get; }

    /// <summary>The characters of the string, or the literal of the number as the peer wrote it.</summary>
    public string Value => _value ?? "";

    /// <summary>An id that is a JSON string.</summary>
    /// <param name="value">At most 1024 characters, without an unpaired surrogate.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, too long or has an unpaired surrogate.</exception>
    public static RequestId FromString(string value)
    {
        StoredText.CheckEncodable(value, MaxLength, "A request id", nameof(value));
        return new RequestId(value, isNumber: false);
    }

    /// <summary>An id that is a whole JSON number.</summary>
    public static RequestId FromNumber(long value) => new(value.ToString(CultureInfo.InvariantCulture), isNumber: true);

    /// <summary>An id that is a JSON number which has no equal among the whole ones of 64 bits, such as <c>1.5</c> or <c>1e3</c>.</summary>
    internal static RequestId FromLiteral(string literal) => new(literal, isNumber: true);

    /// <summary>Reads the id as a whole number of 64 bits, where writing that number gives the same literal.</summary>
    internal bool TryGetInt64(out long number)
    {
        number = 0;
        return IsNumber
            && long.TryParse(_value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            && string.Equals(number.ToString(CultureInfo.InvariantCulture), _value, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public bool Equals(RequestId other) => IsNumber == other.IsNumber && string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is RequestId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsNumber, _value);

    /// <summary>Returns <see cref="Value"/>.</summary>
    public override string ToString() => Value;

    /// <summary>Compares type and value.</summary>
    public static bool operator ==(RequestId left, RequestId right) => left.Equals(right);

    /// <summary>Compares type and value.</summary>
    public static bool operator !=(RequestId left, RequestId right) => !left.Equals(right);
}
