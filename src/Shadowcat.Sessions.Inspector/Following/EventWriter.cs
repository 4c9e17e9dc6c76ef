using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Writes server-sent events. Each is sent before the next is written, so a page that reads slowly is waited for, and nothing piles up for it.</summary>
/// <seealso href="https://html.spec.whatwg.org/multipage/server-sent-events.html"/>
internal sealed class EventWriter(HttpResponse response)
{
    private readonly ArrayBufferWriter<byte> _event = new();

    public static EventWriter Begin(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentType = "text/event-stream";

        // Proxies such as nginx would hold the events back.
        headers["X-Accel-Buffering"] = "no";
        return new EventWriter(context.Response);
    }

    /// <summary>Sends an event.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="id">Where a page that lost its connection goes on; null leaves it.</param>
    /// <param name="write">Writes its data.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async ValueTask SendAsync(string type, long? id, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, JsonAnswer.Options))
        {
            write(json);
        }

        await SendAsync(type, id, body.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends an event whose data are written already: JSON, which has no line breaks.</summary>
    public async ValueTask SendAsync(string type, long? id, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        _event.ResetWrittenCount();
        Encoding.UTF8.GetBytes(id is { } number ? string.Create(CultureInfo.InvariantCulture, $"id: {number}\nevent: {type}\ndata: ") : $"event: {type}\ndata: ", _event);
        _event.Write(data.Span);
        _event.Write("\n\n"u8);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends nothing that a page sees, so that connection and page are known to be there.</summary>
    public async ValueTask SendCommentAsync(CancellationToken cancellationToken)
    {
        _event.ResetWrittenCount();
        _event.Write(":\n\n"u8);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(_event.WrittenMemory, cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
