using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>Converts one type of the model.</summary>
/// <param name="read">Reads a value; what it throws becomes a <see cref="JsonException"/>.</param>
/// <param name="write">Writes a value.</param>
internal sealed class ModelConverter<T>(JsonRead<T> read, Action<Utf8JsonWriter, T, JsonSerializerOptions> write) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return read(ref reader);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new JsonException($"The JSON is no {typeof(T).Name}: {exception.Message}", exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => write(writer, value, options);
}
