using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Answers with all that is known of one frame, or with its payload.</summary>
internal sealed class SingleFrame(SessionAccess access)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var frame = await ReadAsync(context).ConfigureAwait(false);
        await JsonAnswer.WriteAsync(context, json => Write(json, frame)).ConfigureAwait(false);
    }

    /// <summary>Answers with the bytes as they were recorded, or with a part of them.</summary>
    /// <remarks>They are data for the page's scripts: nothing that a browser would show or run.</remarks>
    public async Task AnswerPayloadAsync(HttpContext context)
    {
        var frame = await ReadAsync(context).ConfigureAwait(false);
        await Results.Bytes(frame.Payload, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context).ConfigureAwait(false);
    }

    private async ValueTask<MessageEnvelope> ReadAsync(HttpContext context)
    {
        var sequence = QueryNumbers.Sequence(context);
        var session = await access.GetAsync(context).ConfigureAwait(false);
        await foreach (var frame in access.Store.GetFramesAsync(session.Id, FrameRange.From(sequence, 1), context.RequestAborted).ConfigureAwait(false))
        {
            return frame;
        }

        throw Problem.NoFrame(sequence, session);
    }

    private static void Write(Utf8JsonWriter json, MessageEnvelope frame)
    {
        json.WriteStartObject();
        FrameSummary.WriteMembers(json, new BorrowedFrame(frame));
        json.WriteString("transport", Words<TransportType>.Of(frame.TransportType));
        FrameMetadataJson.Write(json, frame.Metadata);
        json.WriteEndObject();
    }
}
