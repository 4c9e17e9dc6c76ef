using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>The <c>id</c> of a JSON-RPC request with its JSON type: <c>1</c> and <c>"1"</c> are two ids.</summary>
/// <seealso href="https://www.jsonrpc.org/specification#request_object"/>
[JsonConverter(typeof(SessionsJsonConverter))]
public readonly struct RequestId : IEquatable<RequestId>
{
    /// <summary>The greatest length of a request id, in characters.</summary>
    public const int MaxLength = 1024;

    private const int MaxInt64Digits = 20;

    private readonly string? _text;
    private readonly long _number;
    private readonly bool _isInteger;

    private RequestId(string text, bool isNumber)
    {
        _text = text;
        IsNumber = isNumber;
    }

    private RequestId(long number)
    {
        _number = number;
        _isInteger = true;
        IsNumber = true;
    }

    /// <summary>True where the id is a JSON number, false where it is a string.</summary>
    public bool IsNumber { get; }

    /// <summary>The characters of the string, or the literal of the number as the peer wrote it.</summary>
    public string Value => _isInteger ? _number.ToString(CultureInfo.InvariantCulture) : _text ?? "";

    /// <summary>An id that is a JSON string.</summary>
    /// <param name="value">At most 1024 characters, without an unpaired surrogate.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, too long or has an unpaired surrogate.</exception>
    public static RequestId FromString(string value)
    {
        StoredText.CheckEncodable(value, MaxLength, "A request id", nameof(value));
        return new RequestId(value, isNumber: false);
    }

    /// <summary>An id that is a whole JSON number.</summary>
    public static RequestId FromNumber(long value) => new(value);

    /// <summary>Reads an id that is a JSON number. Only the one usual spelling of a whole number is that number: <c>-0</c> or <c>1e3</c> would come back as other bytes.</summary>
    /// <param name="literal">The literal, in UTF-8.</param>
    /// <param name="id">The id.</param>
    /// <returns>False where it is no JSON number, or has more than 1024 characters.</returns>
    public static bool TryParseNumber(ReadOnlySpan<byte> literal, out RequestId id)
    {
        Span<byte> usual = stackalloc byte[MaxInt64Digits];
        if (Utf8Parser.TryParse(literal, out long number, out _)
            && number.TryFormat(usual, out var length, provider: CultureInfo.InvariantCulture)
            && literal.SequenceEqual(usual[..length]))
        {
            id = new RequestId(number);
            return true;
        }

        var isNumber = literal.Length <= MaxLength && IsNumberLiteral(literal);
        id = isNumber ? new RequestId(Encoding.ASCII.GetString(literal), isNumber: true) : default;
        return isNumber;
    }

    /// <summary>Gets the id where it is a whole number of 64 bits.</summary>
    /// <param name="number">The number; 0 where it is none.</param>
    /// <returns>False where it is a string or another number.</returns>
    public bool TryGetInt64(out long number)
    {
        number = _number;
        return _isInteger;
    }

    /// <inheritdoc/>
    public bool Equals(RequestId other) =>
        IsNumber == other.IsNumber
        && _isInteger == other._isInteger
        && _number == other._number
        && string.Equals(_text ?? "", other._text ?? "", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is RequestId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsNumber, _number, _text ?? "");

    /// <summary>Returns <see cref="Value"/>.</summary>
    public override string ToString() => Value;

    /// <summary>Compares type and value.</summary>
    public static bool operator ==(RequestId left, RequestId right) => left.Equals(right);

    /// <summary>Compares type and value.</summary>
    public static bool operator !=(RequestId left, RequestId right) => !left.Equals(right);

    private static bool IsNumberLiteral(ReadOnlySpan<byte> literal)
    {
        try
        {
            var reader = new Utf8JsonReader(literal);
            return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.ValueSpan.Length == literal.Length && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
