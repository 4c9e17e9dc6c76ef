using System.Text.Encodings.Web;
using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Values of JSON as the text they are: <c>1</c> and <c>"1"</c> stay two, and no number loses a digit.</summary>
internal static class JsonLiteral
{
    /// <summary>Longer ones are of no use to join messages by.</summary>
    private const int MaxBytes = 4096;

    public static string Of(RequestId id) => id.IsNumber ? id.Value : Quoted(id.Value);

    /// <summary>The string or number that a reader stands on; null for any other value.</summary>
    public static string? Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.ValueSpan.Length <= MaxBytes => System.Text.Encoding.ASCII.GetString(reader.ValueSpan),
        JsonTokenType.String when reader.ValueSpan.Length <= MaxBytes && JsonTextValue.Read(ref reader, MaxBytes) is { } text => Quoted(text),
        _ => null,
    };

    private static string Quoted(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
