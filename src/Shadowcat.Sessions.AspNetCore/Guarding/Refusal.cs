using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>What the guard answers instead of the SDK, in its form.</summary>
internal sealed record Refusal(int Status, int Code, string Message)
{
    /// <summary>The same for what there is not and for what is somebody else's, so that guessing tells nothing.</summary>
    public static Refusal NotFound { get; } = new(StatusCodes.Status404NotFound, -32001, "Session not found");

    public static Refusal OtherVersion { get; } = new(
        StatusCodes.Status400BadRequest, -32600, "Bad Request: The session has another protocol version than the request.");

    public static Refusal Unavailable { get; } = new(
        StatusCodes.Status503ServiceUnavailable, -32000, "Service Unavailable: The store of the sessions cannot be reached.");

    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.Clear();
        response.StatusCode = Status;
        response.ContentType = "application/json";
        var writer = new Utf8JsonWriter(response.BodyWriter);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WriteNull("id"u8);
            writer.WriteStartObject("error"u8);
            writer.WriteNumber("code"u8, Code);
            writer.WriteString("message"u8, Message);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
