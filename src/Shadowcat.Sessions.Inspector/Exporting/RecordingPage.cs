using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Writes a recording as a page of its own, which anybody can open from disk: the inspector's view of the session, with its frames inside.</summary>
/// <remarks>The page loads nothing, and nothing that was recorded can run in it. Whoever has the file can read all that was said.</remarks>
public static class RecordingPage
{
    private static readonly Lazy<PageTemplate> Template = new(static () => new PageTemplate(PageAssets.Embedded));

    /// <summary>Writes a session with all its frames, in memory that does not grow with them.</summary>
    /// <param name="store">Where the session is.</param>
    /// <param name="id">The session.</param>
    /// <param name="destination">The stream to write to, as UTF-8; it is not closed.</param>
    /// <param name="cancellationToken">Stops; what was written is no whole page then.</param>
    /// <returns>How many frames were written.</returns>
    /// <remarks>A frame that cannot be read stands in the page as one that says why. A session that is being appended to is written up to the end that the reading reaches.</remarks>
    /// <exception cref="SessionNotFoundException">There is no such session, or it ended while it was read.</exception>
    /// <exception cref="FramesTrimmedException">Trimming overtook the reading.</exception>
    /// <exception cref="FramesLostException">Frames that were there when the reading began are gone.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>, or the store or the destination is null.</exception>
    public static async Task<long> WriteAsync(ISessionStore store, SessionId id, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(destination);
        var session = await store.GetSessionAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new SessionNotFoundException("WriteRecordingPage", id);
        return await WriteAsync(store, session, [FrameRange.From(session.FirstSequence)], isSelection: false, destination, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes some of the frames of a session.</summary>
    /// <param name="store">Where the session is.</param>
    /// <param name="session">The session.</param>
    /// <param name="ranges">Which frames, in their order; each range with a beginning.</param>
    /// <param name="isSelection">Whether the page says that they are not all.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="cancellationToken">Stops.</param>
    internal static async Task<long> WriteAsync(
        ISessionStore store, Session session, IEnumerable<FrameRange> ranges, bool isSelection, Stream destination, CancellationToken cancellationToken)
    {
        var template = Template.Value;
        await WriteAsync(destination, template.Head, cancellationToken).ConfigureAwait(false);
        await WriteSessionAsync(session, isSelection, destination, cancellationToken).ConfigureAwait(false);
        using var blocks = new FrameBlocks(destination);
        foreach (var range in ranges)
        {
            await WriteFramesAsync(store, session.Id, range, blocks, cancellationToken).ConfigureAwait(false);
        }

        await blocks.EndAsync(cancellationToken).ConfigureAwait(false);
        await WriteAsync(destination, template.Tail, cancellationToken).ConfigureAwait(false);
        return blocks.Count;
    }

    private static async Task WriteFramesAsync(ISessionStore store, SessionId id, FrameRange range, FrameBlocks blocks, CancellationToken cancellationToken)
    {
        var (next, end) = (range.Start!.Value, range.Count is { } count ? range.Start.Value + count : (long?)null);
        for (var isDone = false; !isDone;)
        {
            try
            {
                await foreach (var frame in store.GetFramesAsync(id, FrameRange.From(next, end - next), cancellationToken).ConfigureAwait(false))
                {
                    await blocks.AddAsync(frame, cancellationToken).ConfigureAwait(false);
                    next = frame.Sequence + 1;
                }

                isDone = true;
            }
            catch (SessionSerializationException exception)
            {
                await blocks.AddUnreadableAsync(next, exception.Reason, cancellationToken).ConfigureAwait(false);
                next++;
            }
        }
    }

    private static async Task WriteSessionAsync(Session session, bool isSelection, Stream destination, CancellationToken cancellationToken)
    {
        await WriteAsync(destination, "<script type=\"application/json\" id=\"recording-session\">", cancellationToken).ConfigureAwait(false);
        var json = new Utf8JsonWriter(new ScriptDataStream(destination));
        await using (json.ConfigureAwait(false))
        {
            json.WriteStartObject();
            SessionSummary.WriteMembers(json, session);
            json.WriteBoolean("selection", isSelection);
            json.WriteEndObject();
        }

        await WriteAsync(destination, "</script>\n", cancellationToken).ConfigureAwait(false);
    }

    private static ValueTask WriteAsync(Stream destination, string text, CancellationToken cancellationToken) => destination.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
}
