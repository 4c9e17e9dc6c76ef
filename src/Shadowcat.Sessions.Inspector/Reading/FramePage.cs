using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Answers with the summaries of a range of frames.</summary>
internal sealed class FramePage(SessionAccess access)
{
    public const int MaxCount = 5000;

    private const int UsualCount = 1000;

    /// <summary>How much of payload is looked at for one page: large messages make it shorter.</summary>
    private const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>How often a reading begins anew, because trimming overtook it.</summary>
    private const int MaxAttempts = 3;

    public async Task AnswerAsync(HttpContext context)
    {
        var last = QueryNumbers.Optional(context, "last", 0, MaxCount);
        var from = QueryNumbers.Optional(context, "from", 0, QueryNumbers.MaxSequence);
        var count = QueryNumbers.Optional(context, "count", 1, MaxCount) ?? UsualCount;
        for (var attempt = 1; ; attempt++)
        {
            var session = await access.GetAsync(context).ConfigureAwait(false);
            var start = last is { } wanted ? Math.Max(session.FirstSequence, session.FrameCount - wanted) : from ?? session.FirstSequence;
            try
            {
                await JsonAnswer.SendAsync(context, await ReadAsync(session, start, last ?? count, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
                return;
            }
            catch (FramesTrimmedException) when ((last is not null || from is null) && attempt < MaxAttempts)
            {
                // The newest are wanted, wherever they begin by now.
            }
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(Session session, long start, long count, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, JsonAnswer.Options);
        json.WriteStartObject();
        json.WriteStartArray("frames");
        var reading = new FrameReading(access.Store, session.Id, start, count, MaxBytes);
        var next = await reading.WriteAsync(json, cancellationToken).ConfigureAwait(false);
        json.WriteEndArray();
        json.WriteNumber("first", start);
        json.WriteNumber("next", next);
        json.WriteNumber("kept", session.FirstSequence);
        json.WriteNumber("end", Math.Max(session.FrameCount, next));
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken).ConfigureAwait(false);
        return body.WrittenMemory;
    }
}
