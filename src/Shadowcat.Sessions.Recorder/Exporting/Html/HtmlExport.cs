using System.Text;
using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Exporting.Html;

/// <summary>A page of its own that anybody can open from disk: the conversation as a sequence of messages. It loads nothing, and nothing that was recorded can run in it.</summary>
/// <remarks>
/// The frames are read twice: once to join requests to their answers, and once to be written. Between that, some 200 bytes for a request are held, and no payload. A browser lays out
/// only the part of the page that is seen, so a long recording can be opened too.
/// </remarks>
internal sealed class HtmlExport : IExportFormat
{
    private const int MessagesOfSection = 100;
    private const int BufferBytes = 64 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public string Name => "html";

    public IReadOnlyList<string> Endings => [".html", ".htm"];

    public bool IsContinued => false;

    public string? WhyNot(Session session) => null;

    public async Task<string> WriteAsync(ISessionStore store, Session session, Stream destination, WorkProgress progress, CancellationToken cancellationToken)
    {
        var calls = await RecordedCalls.ReadAsync(store.GetFramesAsync(session.Id, cancellationToken: cancellationToken));
        await using var page = new StreamWriter(destination, Utf8, BufferBytes, leaveOpen: true);
        foreach (var (markup, placeholder) in PageTemplate.Pieces)
        {
            await page.WriteAsync(markup.AsMemory(), cancellationToken);
            if (placeholder == "messages")
            {
                await WriteMessagesAsync(store.GetFramesAsync(session.Id, calls.Range, cancellationToken), calls, page, cancellationToken);
            }
            else if (placeholder is not null)
            {
                await page.WriteAsync(PageParts.Of(placeholder, session, calls).AsMemory(), cancellationToken);
            }
        }

        await page.FlushAsync(cancellationToken);
        return $"{calls.Frames} frames";
    }

    private static async Task WriteMessagesAsync(IAsyncEnumerable<MessageEnvelope> frames, RecordedCalls calls, StreamWriter page, CancellationToken cancellationToken)
    {
        var markup = new MessageMarkup(calls);
        var written = 0;
        await foreach (var frame in frames)
        {
            var text = new StringBuilder();
            if (written++ % MessagesOfSection == 0)
            {
                text.Append(written == 1 ? "<section>\n" : "</section>\n<section>\n");
            }

            markup.Append(text, frame);
            await page.WriteAsync(text, cancellationToken);
        }

        await page.WriteAsync((written == 0 ? "<p>No message was recorded.</p>\n" : "</section>\n").AsMemory(), cancellationToken);
    }
}
