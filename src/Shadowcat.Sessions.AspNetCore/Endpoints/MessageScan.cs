using System.Text.Json;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Reads the id and the method of a JSON-RPC message from its bytes as they arrive. Nothing else is kept.</summary>
/// <remarks>Where a member is there twice, the last one counts, as for the SDK. The rest is not validated.</remarks>
internal sealed class MessageScan
{
    private const int MaxKeptBytes = 256;

    private readonly List<byte> _text = [];
    private int _depth;
    private bool _isInString;
    private bool _isEscaped;
    private Place _place;

    /// <summary>The part of the message that the next byte belongs to.</summary>
    private enum Place
    {
        Name,
        Id,
        Method,
        OtherValue,
    }

    /// <summary>The id as it was written, a JSON string or number; null where there was none so far.</summary>
    public byte[]? Id { get; private set; }

    /// <summary>The method as it was written, a JSON string; null where there was none so far.</summary>
    public byte[]? Method { get; private set; }

    private static ReadOnlySpan<byte> IdName => "\"id\""u8;

    private static ReadOnlySpan<byte> MethodName => "\"method\""u8;

    /// <summary>Reads the next bytes.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        foreach (var octet in utf8)
        {
            Add(octet);
        }
    }

    private void Add(byte octet)
    {
        if (_isInString)
        {
            Keep(octet);
            _isInString = _isEscaped || octet != '"';
            _isEscaped = !_isEscaped && octet == '\\';
            return;
        }

        switch (octet)
        {
            case (byte)'"':
                _isInString = true;
                Keep(octet);
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                _place = _depth == 1 ? Place.Name : Place.OtherValue;
                _text.Clear();
                break;
            case (byte)'}' or (byte)']':
                EndValue();
                _depth--;
                break;
            case (byte)',':
                EndValue();
                break;
            case (byte)':' when _depth == 1 && _place == Place.Name:
                _place = IsText(IdName) ? Place.Id : IsText(MethodName) ? Place.Method : Place.OtherValue;
                _text.Clear();
                break;
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                break;
            default:
                Keep(octet);
                break;
        }
    }

    private bool IsText(ReadOnlySpan<byte> text) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_text).SequenceEqual(text);

    private void Keep(byte octet)
    {
        // One byte more than the maximum shows that the value is too long.
        if (_depth == 1 && _place != Place.OtherValue && _text.Count <= MaxKeptBytes)
        {
            _text.Add(octet);
        }
    }

    private void EndValue()
    {
        if (_depth != 1)
        {
            return;
        }

        if (_place == Place.Id)
        {
            Id = Value(JsonTokenType.String, JsonTokenType.Number);
        }
        else if (_place == Place.Method)
        {
            Method = Value(JsonTokenType.String, JsonTokenType.String);
        }

        _place = Place.Name;
        _text.Clear();
    }

    /// <summary>The value that ends here, if it is of a type; null otherwise.</summary>
    private byte[]? Value(JsonTokenType type, JsonTokenType orType)
    {
        byte[] json = [.. _text];
        var reader = new Utf8JsonReader(json);
        try
        {
            return json.Length <= MaxKeptBytes && reader.Read() && (reader.TokenType == type || reader.TokenType == orType) && !reader.Read() ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
