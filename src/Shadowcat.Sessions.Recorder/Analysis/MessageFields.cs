using System.Text.Json;

namespace Shadowcat.Sessions.Recorder.Analysis;

/// <summary>Reads single values out of a message without building it, as far as it is kept: also out of the beginning of one that was cut off.</summary>
internal static class MessageFields
{
    private const int MaxDepth = 64;
    private const int MaxTextBytes = 1024;

    /// <summary>A text of an object in the message; null where there is none, or it is longer than any name.</summary>
    public static string? Text(ReadOnlySpan<byte> message, ReadOnlySpan<byte> parent, ReadOnlySpan<byte> name)
    {
        try
        {
            return TryFind(message, parent, name, out var value) && value.TokenType == JsonTokenType.String && value.ValueSpan.Length <= MaxTextBytes ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8: the name is not known.
            return null;
        }
    }

    /// <summary>The id of a request that a message names; null for none.</summary>
    public static RequestId? Id(ReadOnlySpan<byte> message, ReadOnlySpan<byte> parent, ReadOnlySpan<byte> name)
    {
        if (!TryFind(message, parent, name, out var value))
        {
            return null;
        }

        return value.TokenType == JsonTokenType.Number
            ? RequestId.TryParseNumber(value.ValueSpan, out var number) ? number : null
            : Text(message, parent, name) is { } text ? RequestId.FromString(text) : null;
    }

    /// <summary>A whole number; null where there is none.</summary>
    public static int? Number(ReadOnlySpan<byte> message, ReadOnlySpan<byte> parent, ReadOnlySpan<byte> name) =>
        TryFind(message, parent, name, out var value) && value.TokenType == JsonTokenType.Number && value.TryGetInt32(out var number) ? number : null;

    /// <summary>Whether a member is there and true.</summary>
    public static bool IsTrue(ReadOnlySpan<byte> message, ReadOnlySpan<byte> parent, ReadOnlySpan<byte> name) =>
        TryFind(message, parent, name, out var value) && value.TokenType == JsonTokenType.True;

    /// <summary>Stands on the value of a member of an object in the message; where it is there twice, on the last.</summary>
    private static bool TryFind(ReadOnlySpan<byte> message, ReadOnlySpan<byte> parent, ReadOnlySpan<byte> name, out Utf8JsonReader value)
    {
        value = default;
        var found = false;
        var reader = new Utf8JsonReader(MessageDocument.WithoutMark(message), isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth }));
        try
        {
            var isInside = false;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                var isWanted = isInside && reader.CurrentDepth == 2 && reader.ValueTextEquals(name);
                isInside = reader.CurrentDepth == 1 ? reader.ValueTextEquals(parent) : isInside;
                if (!reader.Read())
                {
                    break;
                }

                if (isWanted)
                {
                    value = reader;
                    found = true;
                }

                var isEntered = isInside && reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.StartObject;
                if (!isEntered && !reader.TrySkip())
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A peer may send anything: what came before the fault is known.
        }

        return found;
    }
}
