using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Shadowcat.Sessions.Recorder.Exporting.Har;

/// <summary>Writes an exchange as an entry.</summary>
/// <param name="json">Where to.</param>
/// <param name="exchange">What is known of it before its frames are read.</param>
internal sealed class HarEntry(Utf8JsonWriter json, HarExchange exchange)
{
    /// <summary>A name that is nobody's: the address of a server is not recorded.</summary>
    /// <seealso href="https://www.rfc-editor.org/rfc/rfc6761#section-6.4"/>
    private const string Address = "http://server.invalid/";
    private const string UnknownVersion = "unknown";
    private const string HeaderPrefix = "http.header.";

    private readonly HarBody _body = new(json, exchange.IsStream);
    private FrameMetadata _answerMetadata = FrameMetadata.None;

    /// <summary>Writes it.</summary>
    /// <param name="frames">Its frames; each is held only until it is written.</param>
    public async Task WriteAsync(IAsyncEnumerable<MessageEnvelope> frames)
    {
        json.WriteStartObject();
        json.WriteString("startedDateTime", exchange.Began.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
        json.WriteNumber("time", (exchange.Wait + exchange.Receive).TotalMilliseconds);
        var isAnswer = false;
        if (!exchange.HasBody)
        {
            WriteRequest(null);
            BeginResponse();
            isAnswer = true;
        }

        await foreach (var frame in frames)
        {
            if (!isAnswer && frame.Direction == MessageDirection.ClientToServer)
            {
                WriteRequest(frame);
                BeginResponse();
                isAnswer = true;
            }
            else
            {
                _answerMetadata = frame.Metadata;
                await _body.AddAsync(frame);
            }
        }

        EndResponse();
        json.WriteStartObject("cache");
        json.WriteEndObject();
        WriteTimings();
        json.WriteString("comment", Comment());
        json.WriteEndObject();
    }

    private void WriteRequest(MessageEnvelope? frame)
    {
        json.WriteStartObject("request");
        json.WriteString("method", exchange.Method);
        json.WriteString("url", Address);
        json.WriteString("httpVersion", UnknownVersion);
        WriteHeaders(frame?.Metadata ?? FrameMetadata.None);
        json.WriteStartArray("queryString");
        json.WriteEndArray();
        if (frame is not null)
        {
            json.WriteStartObject("postData");
            json.WriteString("mimeType", "application/json");
            json.WriteString("text", HarBody.TextOf(frame));
            json.WriteEndObject();
        }

        json.WriteNumber("headersSize", -1);
        json.WriteNumber("bodySize", frame is null ? 0 : HarBody.LengthOf(frame));
        json.WriteEndObject();
    }

    private void BeginResponse()
    {
        json.WriteStartObject("response");
        json.WriteNumber("status", exchange.Status);
        json.WriteString("statusText", ReasonPhrases.GetReasonPhrase(exchange.Status));
        json.WriteString("httpVersion", UnknownVersion);
        _body.Begin();
    }

    private void EndResponse()
    {
        _body.End();
        WriteHeaders(_answerMetadata);
        json.WriteString("redirectURL", _answerMetadata.GetValueOrDefault(HeaderPrefix + "location", ""));
        json.WriteNumber("headersSize", -1);
        json.WriteNumber("bodySize", -1);
        json.WriteEndObject();
    }

    private void WriteHeaders(FrameMetadata metadata)
    {
        json.WriteStartArray("cookies");
        json.WriteEndArray();
        json.WriteStartArray("headers");
        foreach (var (key, value) in metadata.Where(entry => entry.Key.StartsWith(HeaderPrefix, StringComparison.Ordinal)).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name", key[HeaderPrefix.Length..]);
            json.WriteString("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The format demands the time of sending, which nobody measured; the other times it lets be unknown.</summary>
    private void WriteTimings()
    {
        json.WriteStartObject("timings");
        foreach (var unknown in (string[])["blocked", "dns", "connect", "ssl"])
        {
            json.WriteNumber(unknown, -1);
        }

        json.WriteNumber("send", 0);
        json.WriteNumber("wait", exchange.Wait.TotalMilliseconds);
        json.WriteNumber("receive", exchange.Receive.TotalMilliseconds);
        json.WriteEndObject();
    }

    private string Comment()
    {
        IEnumerable<string?> parts =
        [
            exchange.Asked,
            exchange.RecordedMethod is null && !exchange.HasBody ? "the method is not recorded: GET stands for it" : null,
            exchange.HasBody ? null : "when it was sent is not recorded: it begins with what answered it",
            exchange.End,
            exchange.Status == 0 ? "no answer was recorded" : null,
            exchange.Flags == MessageFlags.None ? null : $"{exchange.Flags}",
        ];
        return string.Join("; ", parts.OfType<string>());
    }
}
