using System.Diagnostics.CodeAnalysis;

namespace Shadowcat.Sessions;

/// <summary>The <c>id</c> of a JSON-RPC request with its JSON type: <c>1</c> and <c>"1"</c> are two ids.</summary>
/// <seealso href="https://www.jsonrpc.org/specification#request_object"/>
public readonly struct RequestId : IEquatable<RequestId>
{
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
    public static RequestId FromString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new RequestId(value, isNumber: false);
    }

    /// <summary>An id that is a whole JSON number.</summary>
    public static RequestId FromNumber(long value) => new(value.ToString(System.Globalization.CultureInfo.InvariantCulture), isNumber: true);

    /// <summary>An id that is a JSON number which has no equal among the whole ones of 64 bits, such as <c>1.5</c> or <c>1e3</c>.</summary>
    internal static RequestId FromLiteral(string literal) => new(literal, isNumber: true);

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
