using System.Text.Encodings.Web;
using System.Text.Json;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Reads JSON once and notes what is to be replaced in it: what paths lead to, what members of telling names hold, and what looks like a credential.</summary>
internal sealed class JsonRedaction(JsonPath[] paths, JsonEdits edits)
{
    private const int MaxDepth = 64;

    private static readonly List<Position> Nowhere = [];

    private static readonly byte[] Replacement = Quoted(CredentialRedactor.Replacement);

    /// <summary>Reads a text; false where it is no JSON, or deeper than 64 levels.</summary>
    public bool TryRead(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            ReadValue(ref reader, Begin(), isCredential: false);
            return !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Broken, too deep, or a text that is no valid UTF-8.
            return false;
        }
    }

    private void ReadValue(ref Utf8JsonReader reader, List<Position> positions, bool isCredential)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(ref reader, positions);
                break;
            case JsonTokenType.StartArray:
                ReadArray(ref reader, positions);
                break;
            case JsonTokenType.String when isCredential:
            case JsonTokenType.Number when isCredential:
                edits.Replace(reader.TokenStartIndex, reader.BytesConsumed, Replacement);
                break;
            case JsonTokenType.String when reader.ValueIsEscaped || Credentials.MayBeIn(reader.ValueSpan):
                ReadText(ref reader);
                break;
        }
    }

    private void ReadObject(ref Utf8JsonReader reader, List<Position> positions)
    {
        Span<char> buffer = stackalloc char[256];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCredential = reader.ValueSpan.Length <= buffer.Length && Credentials.IsMember(buffer[..reader.CopyString(buffer)]);
            var next = positions.Count == 0 ? Nowhere : At(positions, reader.GetString()!);
            reader.Read();
            ReadChild(ref reader, next, isCredential);
        }
    }

    private void ReadArray(ref Utf8JsonReader reader, List<Position> positions)
    {
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            ReadChild(ref reader, positions.Count == 0 ? Nowhere : At(positions, index), isCredential: false);
        }
    }

    private void ReadChild(ref Utf8JsonReader reader, List<Position> positions, bool isCredential)
    {
        if (!positions.Exists(position => position.IsEnd))
        {
            ReadValue(ref reader, positions, isCredential);
            return;
        }

        var start = reader.TokenStartIndex;
        reader.Skip();
        edits.Replace(start, reader.BytesConsumed, Replacement);
    }

    private void ReadText(ref Utf8JsonReader reader)
    {
        var text = reader.GetString()!;
        var redacted = Credentials.Redact(text);
        if (!ReferenceEquals(text, redacted))
        {
            edits.Replace(reader.TokenStartIndex, reader.BytesConsumed, Quoted(redacted));
        }
    }

    private List<Position> Begin() => paths.Length == 0 ? Nowhere : [.. paths.Select(path => new Position(path, 0))];

    private static List<Position> At(List<Position> positions, string name) => Next(positions, step => step.Matches(name));

    private static List<Position> At(List<Position> positions, int index) => Next(positions, step => step.Matches(index));

    private static List<Position> Next(List<Position> positions, Func<JsonPathStep, bool> matches)
    {
        List<Position> next = [];
        foreach (var position in positions)
        {
            // Several ways may lead to the same place; without this their number would double with every level.
            if (matches(position.Step) && !next.Contains(position with { Index = position.Index + 1 }))
            {
                next.Add(position with { Index = position.Index + 1 });
            }

            if (position.Step.IsDeep && !next.Contains(position))
            {
                next.Add(position);
            }
        }

        return next;
    }

    private static byte[] Quoted(string text) => [(byte)'"', .. JsonEncodedText.Encode(text, JavaScriptEncoder.Default).EncodedUtf8Bytes, (byte)'"'];

    /// <summary>How far along a path a value is.</summary>
    private readonly record struct Position(JsonPath Path, int Index)
    {
        public bool IsEnd => Index == Path.Steps.Count;

        public JsonPathStep Step => Path.Steps[Index];
    }
}
