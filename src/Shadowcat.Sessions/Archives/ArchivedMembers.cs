using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>Reads the small members of a line, each bounded before it is copied.</summary>
internal static class ArchivedMembers
{
    /// <summary>More than the longest text that is stored can have where each of its characters is escaped.</summary>
    private const int MaxTextBytes = 512 * 1024;

    /// <summary>How many texts a list has at most: of tags, of parts of an owner, of flags.</summary>
    private const int MaxTexts = SessionTags.MaxCount;

    /// <summary>Requires that a value of a type begins here, or where the reader has not begun, next.</summary>
    public static void Enter(ref Utf8JsonReader reader, JsonTokenType type, string name)
    {
        if (reader.TokenType == JsonTokenType.None)
        {
            reader.Read();
        }

        if (reader.TokenType != type)
        {
            throw new FormatException($"'{name}' is {reader.TokenType}, and not {type}");
        }
    }

    /// <summary>Moves to the next name of an object; false at its end.</summary>
    public static bool NextName(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>How many bytes a name or text has in the line.</summary>
    public static long LengthOf(ref Utf8JsonReader reader) => reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;

    public static string Text(ref Utf8JsonReader reader, string name) => LengthOf(ref reader) > MaxTextBytes
        ? throw new FormatException($"'{name}' is longer than {MaxTextBytes} bytes")
        : reader.GetString() ?? throw new FormatException($"'{name}' is null");

    public static List<string> Texts(ref Utf8JsonReader reader, string name, int max = MaxTexts)
    {
        Enter(ref reader, JsonTokenType.StartArray, name);
        List<string> texts = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (texts.Count == max)
            {
                throw new FormatException($"'{name}' has more than {max} texts");
            }

            texts.Add(Text(ref reader, name));
        }

        return texts;
    }

    public static FrameMetadata Metadata(ref Utf8JsonReader reader)
    {
        Enter(ref reader, JsonTokenType.StartObject, "metadata");
        List<KeyValuePair<string, string>> entries = [];
        while (NextName(ref reader))
        {
            if (entries.Count == FrameMetadata.MaxCount)
            {
                throw new FormatException($"'metadata' has more than {FrameMetadata.MaxCount} entries");
            }

            var key = Text(ref reader, "metadata");
            reader.Read();
            entries.Add(new(key, Text(ref reader, "metadata")));
        }

        return FrameMetadata.Create(entries);
    }

    public static VersionState Versions(ref Utf8JsonReader reader)
    {
        Enter(ref reader, JsonTokenType.StartObject, "versions");
        var versions = new VersionState();
        List<VersionAttempt>? attempts = null;
        while (NextName(ref reader))
        {
            var name = Text(ref reader, "versions");
            reader.Read();
            switch (name)
            {
                case "requested":
                    versions = versions with { Requested = Text(ref reader, name) };
                    break;
                case "negotiated":
                    versions = versions with { Negotiated = Text(ref reader, name) };
                    break;
                case "transport_header":
                    versions = versions with { TransportHeader = Text(ref reader, name) };
                    break;
                case "attempts":
                    attempts = Attempts(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return versions with { Attempts = attempts ?? throw new FormatException("'attempts' is missing") };
    }

    public static RequestId? Id(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => RequestId.FromString(Text(ref reader, "id")),
        JsonTokenType.Number when LengthOf(ref reader) <= RequestId.MaxLength
            && RequestId.TryParseNumber(reader.HasValueSequence ? System.Buffers.BuffersExtensions.ToArray(reader.ValueSequence) : reader.ValueSpan, out var id) => id,
        _ => throw new FormatException("an id is a string or a number"),
    };

    private static List<VersionAttempt> Attempts(ref Utf8JsonReader reader)
    {
        Enter(ref reader, JsonTokenType.StartArray, "attempts");
        List<VersionAttempt> attempts = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (attempts.Count == VersionState.MaxAttempts)
            {
                throw new FormatException($"there are more than {VersionState.MaxAttempts} attempts");
            }

            attempts.Add(Texts(ref reader, "attempts") switch
            {
                [var requested] => new VersionAttempt(requested),
                [var requested, var answered] => new VersionAttempt(requested, answered),
                _ => throw new FormatException("an attempt has one part or two"),
            });
        }

        return attempts;
    }
}
