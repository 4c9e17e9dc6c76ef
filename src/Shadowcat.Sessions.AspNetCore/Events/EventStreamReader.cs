using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Reads the events of a stream behind one of them: what is there in one range, then what comes, as the store tells of it.</summary>
/// <param name="store">Where from.</param>
/// <param name="place">The event behind which to begin.</param>
/// <param name="opened">The frames behind that event, which were read together with it: for the first reading. Where there is none, nothing is left open but memory.</param>
internal sealed class EventStreamReader(ISessionStore store, EventPlace place, EventSource opened) : ISseEventStreamReader
{
    private readonly SessionId _log = EventLog.IdOf(place.Id.SessionId);
    private EventSource? _opened = opened;

    public string SessionId => place.Id.SessionId;

    public string StreamId => place.StreamId;

    /// <exception cref="McpException">The events are gone, with their session or because newer ones took their room.</exception>
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
            // The client will ask again, and one of npm then knows only what it read last, which would be nothing.
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
            throw new McpException("The events of the stream are no longer kept.", exception);
        }
    }

    private static ValueTask<bool> MoveNextAsync(EventSource source)
    {
        var moving = source.MoveNextAsync();
        return moving.IsCompletedSuccessfully ? moving : AwaitAsync(moving);
    }

    /// <summary>Where a stream is not polled, who has read what is there waits for more; where it is from now on, he takes what there is and goes.</summary>
    private EventSource? After(EventSource source, EventReading reading) => (reading.IsOver, source.Waits, reading.Mode) switch
    {
        (false, false, SseEventStreamMode.Streaming) => EventSource.Follow(store, _log, reading.Next),
        (false, true, SseEventStreamMode.Polling) => EventSource.Borrow(store, _log, reading.Next),
        _ => null,
    };
}
