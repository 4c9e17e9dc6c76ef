using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Reads the events of a stream behind one of them: the stored ones in one range, then new ones as they are stored.</summary>
/// <param name="store">The store with the log.</param>
/// <param name="place">The event behind which to begin.</param>
/// <param name="opened">The frames behind that event, which were opened together with it, for the first reading. Without a reading, only memory is held.</param>
internal sealed class EventStreamReader(ISessionStore store, EventPlace place, EventSource opened) : ISseEventStreamReader
{
    private readonly SessionId _log = EventLog.IdOf(place.Id.SessionId);
    private EventSource? _opened = opened;

    public string SessionId => place.Id.SessionId;

    public string StreamId => place.StreamId;

    /// <exception cref="McpException">The events were deleted with their session, or to keep the log below its maximum.</exception>
    public async IAsyncEnumerable<SseItem<JsonRpcMessage?>> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reading = new EventReading(place);
        var hasNews = false;
        var next = Interlocked.Exchange(ref _opened, null) ?? EventSource.Borrow(store, _log, reading.Next);
        while (next is { } source)
        {
            await using (source.ConfigureAwait(false))
            {
                using var stopping = source.StopWith(cancellationToken);
                while (reading.GoesOn(source) && await MoveNextAsync(source).ConfigureAwait(false))
                {
                    if (source.TryTake(reading, out var item))
                    {
                        hasNews = true;
                        yield return item;
                    }
                }
            }

            next = After(source, reading);
        }

        if (!hasNews && !reading.IsOver)
        {
            // The client will ask again with the last id of this response. The TypeScript client forgets older ids, so it must get one.
            yield return reading.Place;
        }
    }

    private static async ValueTask<bool> AwaitAsync(ValueTask<bool> moving)
    {
        try
        {
            return await moving.ConfigureAwait(false);
        }
        catch (SessionStoreException exception) when (EventLog.IsGone(exception))
        {
            throw new McpException("The events behind the Last-Event-ID are no longer stored. Begin a new session, or send the request again.", exception);
        }
    }

    private static ValueTask<bool> MoveNextAsync(EventSource source)
    {
        var moving = source.MoveNextAsync();
        return moving.IsCompletedSuccessfully ? moving : AwaitAsync(moving);
    }

    /// <summary>The source to read next: new frames after the stored ones of a streaming stream, and the stored ones once more where the stream has become polling.</summary>
    private EventSource? After(EventSource source, EventReading reading) => (reading.IsOver, source.Waits, reading.Mode) switch
    {
        (false, false, SseEventStreamMode.Streaming) => EventSource.Follow(store, _log, reading.Next),
        (false, true, SseEventStreamMode.Polling) => EventSource.Borrow(store, _log, reading.Next),
        _ => null,
    };
}
