using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>Reads the small parts of the model from JSON, each bounded before it is copied. What is wrong with one is thrown as a <see cref="FormatException"/>, an <see cref="ArgumentException"/> or one of JSON's.</summary>
internal static class JsonValues
{
    /// <summary>More than the longest text that is stored can have where each of its characters is escaped.</summary>
    private const int MaxTextBytes = 512 * 1024;

    /// <summary>How many texts a list has at most: of tags, of parts of an owner, of flags.</summary>
    private const int MaxTexts = SessionTags.MaxCount;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly MemberNames VersionNames = new("requested", "negotiated", "transport_header", "attempts");

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

    /// <summary>How many bytes a name or text has.</summary>
    public static long LengthOf(ref Utf8JsonReader reader) => reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;

    /// <summary>Takes a value as it stands there.</summary>
    /// <param name="reader">Stands at the beginning of the value; at its end afterwards.</param>
    /// <param name="json">What the reader reads.</param>
    public static ReadOnlySpan<byte> Raw(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    public static string Text(ref Utf8JsonReader reader, string name) => LengthOf(ref reader) > MaxTextBytes
        ? throw new FormatException($"'{name}' is longer than {MaxTextBytes} bytes")
        : reader.GetString() ?? throw new FormatException($"'{name}' is null");

    public static List<string> Texts(ref Utf8JsonReader reader, string name)
    {
        Enter(ref reader, JsonTokenType.StartArray, name);
        List<string> texts = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (texts.Count == MaxTexts)
            {
                throw new FormatException($"'{name}' has more than {MaxTexts} texts");
            }

            texts.Add(Text(ref reader, name));
        }

        return texts;
    }

    public static SessionTags Tags(ref Utf8JsonReader reader) => SessionTags.Create([.. Texts(ref reader, "tags").Select(tag => new SessionTag(tag))]);

    public static SessionAttributes Attributes(ref Utf8JsonReader reader) => SessionAttributes.Create(Entries(ref reader, "attributes", SessionAttributes.MaxCount));

    public static FrameMetadata Metadata(ref Utf8JsonReader reader) => FrameMetadata.Create(Entries(ref reader, "metadata", FrameMetadata.MaxCount));

    public static SessionOwner Owner(ref Utf8JsonReader reader) => Texts(ref reader, "owner") switch
    {
        [var type, var value, var issuer] => new SessionOwner(type, value, issuer),
        _ => throw new FormatException("an owner has three parts: claim type, value and issuer"),
    };

    /// <summary>Reads a peer: an object as the peer sent it, or a string of it.</summary>
    public static Peer Peer(ReadOnlySpan<byte> json)
    {
        if (json[0] == '{')
        {
            return Sessions.Peer.Parse(Utf8.GetString(json));
        }

        var reader = new Utf8JsonReader(json);
        reader.Read();
        return Sessions.Peer.Parse(Text(ref reader, "a peer"));
    }

    public static VersionState Versions(ref Utf8JsonReader reader)
    {
        Enter(ref reader, JsonTokenType.StartObject, "version_state");
        var versions = new VersionState();
        for (var last = -1; NextName(ref reader);)
        {
            var place = VersionNames.Find(ref reader, last, VersionNames.Count);
            reader.Read();
            switch (reader.TokenType == JsonTokenType.Null ? -1 : place)
            {
                case 0:
                    versions = versions with { Requested = Text(ref reader, "requested") };
                    break;
                case 1:
                    versions = versions with { Negotiated = Text(ref reader, "negotiated") };
                    break;
                case 2:
                    versions = versions with { TransportHeader = Text(ref reader, "transport_header") };
                    break;
                case 3:
                    versions = versions with { Attempts = Attempts(ref reader) };
                    break;
                default:
                    reader.Skip();
                    break;
            }

            last = place;
        }

        return versions;
    }

    public static VersionAttempt Attempt(ref Utf8JsonReader reader) => Texts(ref reader, "attempts") switch
    {
        [var requested] => new VersionAttempt(requested),
        [var requested, var answered] => new VersionAttempt(requested, answered),
        _ => throw new FormatException("an attempt has one part or two: the version asked for, and the answer"),
    };

    public static RequestId Id(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => RequestId.FromString(Text(ref reader, "id")),
        JsonTokenType.Number when LengthOf(ref reader) <= RequestId.MaxLength
            && RequestId.TryParseNumber(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan, out var id) => id,
        _ => throw new FormatException("an id is a string or a number"),
    };

    private static List<KeyValuePair<string, string>> Entries(ref Utf8JsonReader reader, string name, int max)
    {
        Enter(ref reader, JsonTokenType.StartObject, name);
        List<KeyValuePair<string, string>> entries = [];
        while (NextName(ref reader))
        {
            if (entries.Count == max)
            {
                throw new FormatException($"'{name}' has more than {max} entries");
            }

            var key = Text(ref reader, name);
            reader.Read();
            entries.Add(new(key, Text(ref reader, name)));
        }

        return entries;
    }

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

            attempts.Add(Attempt(ref reader));
        }

        return attempts;
    }
}
