using System.Security.Cryptography;
using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Reads the details of messages, however large and deep they are: no document is made, and no more than the beginning of a large one is looked at.</summary>
internal static class MessageReader
{
    /// <summary>How much of a message is looked at. What a large one says behind that is seen when it is opened.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const int MaxTargetLength = 256;
    private const int MaxTextLength = 512;
    private const int MaxStateLength = 64 * 1024;
    private const int StateHashBytes = 9;

    /// <summary>A level takes one bit, and none takes a stack frame.</summary>
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = int.MaxValue };

    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <param name="payload">The message.</param>
    /// <param name="kind">What it is; nothing is read of what could not be parsed.</param>
    public static MessageDetails Read(ReadOnlySpan<byte> payload, MessageKind kind)
    {
        var details = new MessageDetails();
        if (kind == MessageKind.Unparsed)
        {
            return details;
        }

        payload = payload.StartsWith(Mark) ? payload[Mark.Length..] : payload;
        var reader = new Utf8JsonReader(payload[..Math.Min(payload.Length, MaxBytes)], isFinalBlock: false, new JsonReaderState(Deep));
        try
        {
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadMembers(ref reader, MessageScope.Message, ref details);
            }
        }
        catch (JsonException)
        {
            // It was cut off or replaced after its header was read. What was read so far counts.
        }

        return details;
    }

    /// <summary>Reads the members of the object that a reader stands at the beginning of.</summary>
    /// <returns>False where what is looked at ends before the object.</returns>
    private static bool ReadMembers(ref Utf8JsonReader reader, MessageScope scope, ref MessageDetails details)
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return true;
            }

            var inner = InnerOf(ref reader, scope);
            var member = inner is null ? MessageMembers.Find(ref reader, scope) : MessageMember.None;
            if (!reader.Read())
            {
                return false;
            }

            if (inner is { } object_ && reader.TokenType == JsonTokenType.StartObject)
            {
                if (!ReadMembers(ref reader, object_, ref details))
                {
                    return false;
                }
            }
            else
            {
                Take(ref reader, member, ref details);
                if (!reader.TrySkip())
                {
                    return false;
                }
            }
        }

        return false;
    }

    private static MessageScope? InnerOf(ref Utf8JsonReader reader, MessageScope scope) => scope switch
    {
        MessageScope.Message when reader.ValueTextEquals("params"u8) => MessageScope.Parameters,
        MessageScope.Message when reader.ValueTextEquals("result"u8) => MessageScope.Result,
        MessageScope.Message when reader.ValueTextEquals("error"u8) => MessageScope.Error,
        MessageScope.Parameters or MessageScope.Result when reader.ValueTextEquals("_meta"u8) => MessageScope.Meta,
        MessageScope.Parameters when reader.ValueTextEquals("ref"u8) => MessageScope.Reference,
        MessageScope.Result when reader.ValueTextEquals("task"u8) => MessageScope.Task,
        MessageScope.Meta when reader.ValueTextEquals("io.modelcontextprotocol/related-task"u8) => MessageScope.RelatedTask,
        _ => null,
    };

    private static void Take(ref Utf8JsonReader reader, MessageMember member, ref MessageDetails details)
    {
        switch (member)
        {
            case MessageMember.Target:
                details.Target ??= JsonTextValue.Read(ref reader, MaxTargetLength);
                break;
            case MessageMember.ProgressToken:
                details.ProgressToken = JsonLiteral.Read(ref reader);
                break;
            case MessageMember.CancelledId:
                details.CancelledId = JsonLiteral.Read(ref reader);
                break;
            case MessageMember.TaskId:
                details.TaskId ??= JsonTextValue.Read(ref reader, MaxTargetLength);
                break;
            case MessageMember.RequestState:
                details.RequestState = Hash(ref reader);
                break;
            case MessageMember.LogLevel:
                details.LogLevel = JsonTextValue.Read(ref reader, MaxTargetLength);
                break;
            case MessageMember.Progress:
                details.Progress = reader.TokenType == JsonTokenType.Number ? JsonLiteral.Read(ref reader) : null;
                break;
            case MessageMember.Total:
                details.Total = reader.TokenType == JsonTokenType.Number ? JsonLiteral.Read(ref reader) : null;
                break;
            case MessageMember.IsError:
                details.IsToolError = reader.TokenType == JsonTokenType.True;
                break;
            case MessageMember.ErrorCode:
                details.ErrorCode = reader.TokenType == JsonTokenType.Number ? JsonLiteral.Read(ref reader) : null;
                break;
            case MessageMember.ErrorMessage:
                details.ErrorMessage = JsonTextValue.Read(ref reader, MaxTextLength);
                break;
        }
    }

    /// <summary>A state may be long, and is compared only.</summary>
    private static string? Hash(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MaxStateLength || JsonTextValue.Read(ref reader, MaxStateLength) is not { } state)
        {
            return null;
        }

        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(state)).AsSpan(0, StateHashBytes));
    }
}
