using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Reads the events of a stream behind one of them: what is there in one range, then what comes, as the store tells of it.</summary>
internal sealed class EventStreamReader(ISessionStore store, EventId last, MessageEnvelope lastFrame) : ISseEventStreamReader
{
    public string SessionId => last.SessionId;

    public string StreamId { get; } = EventFrames.StreamIdOf(lastFrame.Metadata);

    /// <exception cref="McpException">The events are gone, with their session or because newer ones took their room.</exception>
    public async IAsyncEnumerable<SseItem<JsonRpcMessage?>> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reading = new EventReading(last, lastFrame);
        var hasNews = false;
        bool isModeChanged;
        do
        {
            var mode = reading.Mode;
            var events = Open(reading, cancellationToken);
            await using (events.ConfigureAwait(false))
            {
                while (reading.Mode == mode && !reading.IsOver && await events.MoveNextAsync().ConfigureAwait(false))
                {
                    if (events.TryTake(reading, out var item))
                    {
                        hasNews = true;
                        yield return item;
                    }
                }
            }

            isModeChanged = reading.Mode != mode;
        }
        while (isModeChanged && !reading.IsOver);

        if (!hasNews && !reading.IsOver)
        {
            // The client will ask again, and one of npm then knows only what it read last, which would be nothing.
            yield return reading.Place;
        }
    }

    /// <summary>Begins to read where the reading is: lent frames where it ends with what is there, frames that may be kept where it waits for more.</summary>
    private EventSource Open(EventReading reading, CancellationToken cancellationToken)
    {
        var range = FrameRange.From(reading.Next);
        return reading.Mode == SseEventStreamMode.Polling
            ? EventSource.Of(store.BorrowFramesAsync(lastFrame.SessionId, range, cancellationToken).GetAsyncEnumerator(cancellationToken))
            : EventSource.Of(store.FollowFramesAsync(lastFrame.SessionId, range, cancellationToken).GetAsyncEnumerator(cancellationToken));
    }
}
