using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>An answer of the guard instead of the SDK, in the same form.</summary>
internal sealed record Refusal(int Status, int Code, string Message)
{
    /// <summary>How much of the body of a refused request is read to find its id.</summary>
    private const int MaxReadBytes = 1024 * 1024;

    /// <summary>The same for a session that does not exist and for one of another owner, so that guessing ids reveals nothing.</summary>
    public static Refusal NotFound { get; } = new(StatusCodes.Status404NotFound, -32001, "Session not found");

    public static Refusal OtherVersion { get; } = new(
        StatusCodes.Status400BadRequest, -32600, "Bad Request: The request has another protocol version than its session. Send the negotiated one.");

    private static Refusal Unavailable { get; } = new(
        StatusCodes.Status503ServiceUnavailable, -32000, "Service Unavailable: The session store is unavailable. Try again later.");

    private static Refusal Full { get; } = new(
        StatusCodes.Status503ServiceUnavailable, -32000, "Service Unavailable: The session store is full. Try again later.");

    private static Refusal TooMany { get; } = new(
        StatusCodes.Status429TooManyRequests, -32000, "Too Many Requests: This client has too many sessions. Try again later.");

    private static Refusal TooLarge { get; } = new(
        StatusCodes.Status400BadRequest, -32600, "Bad Request: The client's name, version and capabilities are too large.");

    /// <summary>The answer to a request for which the store failed or a limit is reached.</summary>
    public static Refusal Of(SessionStoreException exception) => (exception as SessionLimitExceededException)?.Limit switch
    {
        nameof(ClientLimits.MaxStoredSessions) => Full,
        nameof(ClientLimits.MaxAnonymousSessions) or nameof(ClientLimits.MaxSessionsPerPrincipal) => TooMany,
        nameof(ClientLimits.MaxAnonymousFirstFrameBytes) or ClientFrame.Limit => TooLarge,
        _ => Unavailable,
    };

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="scan">The id and method in its body; null where nothing of it was read.</param>
    public async Task WriteAsync(HttpContext context, MessageScan? scan = null)
    {
        var id = (scan ?? await ReadAsync(context).ConfigureAwait(false)).Id;
        var response = context.Response;
        response.Clear();
        response.StatusCode = Status;
        response.ContentType = "application/json";
        var writer = new Utf8JsonWriter(response.BodyWriter);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WritePropertyName("id"u8);
            if (id is not null)
            {
                writer.WriteRawValue(id);
            }
            else
            {
                writer.WriteNullValue();
            }

            writer.WriteStartObject("error"u8);
            writer.WriteNumber("code"u8, Code);
            writer.WriteString("message"u8, Message);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<MessageScan> ReadAsync(HttpContext context)
    {
        var scan = new MessageScan();
        var body = context.Request.BodyReader;
        for (var left = (long)MaxReadBytes; left > 0;)
        {
            var read = await body.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            foreach (var part in read.Buffer)
            {
                scan.Add(part.Span);
            }

            left -= read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        return scan;
    }
}
