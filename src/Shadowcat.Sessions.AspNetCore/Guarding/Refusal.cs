using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>What the guard answers instead of the SDK, in its form.</summary>
internal sealed record Refusal(int Status, int Code, string Message)
{
    /// <summary>As much of a request that is refused is read for its id.</summary>
    private const int MaxReadBytes = 1024 * 1024;

    /// <summary>The same for what there is not and for what is somebody else's, so that guessing tells nothing.</summary>
    public static Refusal NotFound { get; } = new(StatusCodes.Status404NotFound, -32001, "Session not found");

    public static Refusal OtherVersion { get; } = new(
        StatusCodes.Status400BadRequest, -32600, "Bad Request: The session has another protocol version than the request.");

    private static Refusal Unavailable { get; } = new(
        StatusCodes.Status503ServiceUnavailable, -32000, "Service Unavailable: The store of the sessions cannot be reached.");

    private static Refusal Full { get; } = new(
        StatusCodes.Status503ServiceUnavailable, -32000, "Service Unavailable: The store has as many sessions as it may have. Try again later.");

    private static Refusal TooMany { get; } = new(
        StatusCodes.Status429TooManyRequests, -32000, "Too Many Requests: This client may not begin another session now. Try again later.");

    private static Refusal TooLarge { get; } = new(
        StatusCodes.Status400BadRequest, -32600, "Bad Request: The client says more of itself than is kept.");

    /// <summary>What is answered where the store, or a limit, says no.</summary>
    public static Refusal Of(SessionStoreException exception) => (exception as SessionLimitExceededException)?.Limit switch
    {
        nameof(ClientLimits.MaxStoredSessions) => Full,
        nameof(ClientLimits.MaxAnonymousSessions) or nameof(ClientLimits.MaxSessionsPerPrincipal) => TooMany,
        nameof(ClientLimits.MaxAnonymousFirstFrameBytes) or ClientFrame.Limit => TooLarge,
        _ => Unavailable,
    };

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="scan">What was seen of its body; null where nothing of it was read.</param>
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
