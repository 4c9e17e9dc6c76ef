using System.Globalization;
using System.Text.Json;

namespace Shadowcat.Sessions.Recorder.Exporting.Otlp;

/// <summary>Writes spans as lines of JSON, each a <c>TracesData</c>, as the file exporter of OpenTelemetry does; a line is also the body of a request to <c>/v1/traces</c>.</summary>
/// <seealso href="https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/"/>
/// <seealso href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding"/>
internal sealed class SpanLines(Session session, string traceId, Stream destination)
{
    private const int SpansOfLine = 500;

    /// <summary>The version of the semantic conventions that the names are of: the last that has those for MCP, which have gone on in a repository of their own since, without a schema to name.</summary>
    private const string Schema = "https://opentelemetry.io/schemas/1.41.0";
    private const string Scope = "Shadowcat.Sessions.Recorder";
    private const int ErrorStatus = 2;
    private const long NanosecondsPerTick = 100;

    private readonly List<OtlpSpan> _spans = [];

    public long Written { get; private set; }

    public async ValueTask AddAsync(OtlpSpan span, CancellationToken cancellationToken)
    {
        _spans.Add(span);
        if (_spans.Count == SpansOfLine)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Writes the spans that were added.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_spans.Count == 0)
        {
            return;
        }

        await using (var json = new Utf8JsonWriter(destination))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceSpans");
            foreach (var spans in _spans.GroupBy(span => span.From).OrderBy(group => group.Key))
            {
                WriteResource(json, spans.Key, spans);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            await json.FlushAsync(cancellationToken);
        }

        await destination.WriteAsync("\n"u8.ToArray(), cancellationToken);
        Written += _spans.Count;
        _spans.Clear();
    }

    /// <summary>What a peer began is of that peer's service.</summary>
    private void WriteResource(Utf8JsonWriter json, MessageDirection from, IEnumerable<OtlpSpan> spans)
    {
        var (peer, otherwise) = from == MessageDirection.ServerToClient ? (session.ServerInfo, "mcp-server") : (session.ClientInfo, "mcp-client");
        json.WriteStartObject();
        json.WriteStartObject("resource");
        List<KeyValuePair<string, object>> attributes = [new("service.name", peer is { Name.Length: > 0 } ? peer.Name : otherwise)];
        if (peer is { Version.Length: > 0 })
        {
            attributes.Add(new("service.version", peer.Version));
        }

        WriteAttributes(json, attributes);
        json.WriteEndObject();
        json.WriteStartArray("scopeSpans");
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", Scope);
        json.WriteString("version", ToolVersion.Text);
        json.WriteEndObject();
        json.WriteStartArray("spans");
        foreach (var span in spans)
        {
            WriteSpan(json, span);
        }

        json.WriteEndArray();
        json.WriteString("schemaUrl", Schema);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("schemaUrl", Schema);
        json.WriteEndObject();
    }

    private void WriteSpan(Utf8JsonWriter json, OtlpSpan span)
    {
        json.WriteStartObject();
        json.WriteString("traceId", traceId);
        json.WriteString("spanId", span.Id);
        if (span.ParentId is { } parent)
        {
            json.WriteString("parentSpanId", parent);
        }

        json.WriteString("name", span.Name);
        json.WriteNumber("kind", span.Kind);
        json.WriteString("startTimeUnixNano", Nanoseconds(span.Began));
        json.WriteString("endTimeUnixNano", Nanoseconds(span.Ended));
        WriteAttributes(json, span.Attributes);
        if (span.Link is { } link)
        {
            json.WriteStartArray("links");
            json.WriteStartObject();
            json.WriteString("traceId", link.TraceId);
            json.WriteString("spanId", link.SpanId);
            json.WriteString("traceState", link.State ?? "");
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteStartObject("status");
        if (span.IsError)
        {
            json.WriteString("message", span.ErrorMessage ?? "");
            json.WriteNumber("code", ErrorStatus);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object>> attributes)
    {
        json.WriteStartArray("attributes");
        foreach (var (key, value) in attributes)
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WritePropertyName("value");
            WriteValue(json, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        json.WriteStartObject();
        switch (value)
        {
            case long number:
                // Numbers of 64 bits are texts in this form of JSON.
                json.WriteString("intValue", number.ToString(CultureInfo.InvariantCulture));
                break;
            case IEnumerable<string> texts:
                json.WriteStartObject("arrayValue");
                json.WriteStartArray("values");
                foreach (var text in texts)
                {
                    WriteValue(json, text);
                }

                json.WriteEndArray();
                json.WriteEndObject();
                break;
            default:
                json.WriteString("stringValue", (string)value);
                break;
        }

        json.WriteEndObject();
    }

    private static string Nanoseconds(DateTimeOffset time) =>
        ((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * NanosecondsPerTick).ToString(CultureInfo.InvariantCulture);
}
