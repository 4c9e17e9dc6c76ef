using System.Text.Json;
using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Exporting.Har;

/// <summary>HTTP Archive 1.2: each request of HTTP with what answered it, as far as it was recorded. A comment says what was not.</summary>
/// <remarks>The frames are read twice: once to know which are of one exchange, and then exchange by exchange. Between that, some 300 bytes for an exchange are held, and no payload.</remarks>
/// <seealso href="http://www.softwareishard.com/blog/har-12-spec/"/>
internal sealed class HarExport : IExportFormat
{
    private const int FlushBytes = 64 * 1024;

    private const string Comment =
        "Made from a recording of Model Context Protocol messages, not from the bytes of HTTP. Not recorded, and so not here: the address of the server, for which http://server.invalid/ stands; the version of HTTP; "
        + "headers except those that a recording keeps, and cookies; the status of a success with a message, for which 200 stands; when connections were opened and requests sent. "
        + "An answer that came on another stream stands with its request. Event streams are put together from their messages.";

    public string Name => "har";

    public IReadOnlyList<string> Endings => [".har"];

    public bool IsContinued => false;

    public string? WhyNot(Session session) => session.TransportType is TransportType.Http or TransportType.Sse or TransportType.StreamableHttp
        ? null
        : $"session {session.Id} went over {session.TransportType}, not over HTTP, and HAR holds nothing else: export it as html, otlp or jsonl";

    public async Task<string> WriteAsync(ISessionStore store, Session session, Stream destination, WorkProgress progress, CancellationToken cancellationToken)
    {
        var exchanges = await HarExchanges.ReadAsync(store.GetFramesAsync(session.Id, cancellationToken: cancellationToken));
        await using var json = new Utf8JsonWriter(destination, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("log");
        json.WriteString("version", "1.2");
        json.WriteStartObject("creator");
        json.WriteString("name", "shadowcat");
        json.WriteString("version", ToolVersion.Text);
        json.WriteEndObject();
        json.WriteString("comment", Comment);
        json.WriteStartArray("entries");
        foreach (var exchange in exchanges.All)
        {
            await new HarEntry(json, exchange).WriteAsync(ReadAsync(store, session.Id, exchange, cancellationToken));
            if (json.BytesPending > FlushBytes)
            {
                await json.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
        return $"{exchanges.All.Count} exchanges of {exchanges.Frames} frames";
    }

    private static IAsyncEnumerable<MessageEnvelope> ReadAsync(ISessionStore store, SessionId id, HarExchange exchange, CancellationToken cancellationToken) =>
        exchange.Frames.ToAsyncEnumerable().SelectMany(range => store.GetFramesAsync(id, range, cancellationToken));
}
