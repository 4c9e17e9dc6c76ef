using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Stores the events of SSE streams in a session store, so that a client can resume a stream at any replica.</summary>
internal sealed class SessionEventStore(EventLog log, ILogger<SessionEventStore> logger) : ISseEventStreamStore
{
    /// <summary>Creates a stream. Nothing is stored before its first event.</summary>
    /// <exception cref="ArgumentException">The options are null or have no session or stream id.</exception>
    public ValueTask<ISseEventStreamWriter> CreateStreamAsync(SseEventStreamOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrEmpty(options.SessionId) || options.StreamId is null)
        {
            throw new ArgumentException("A stream needs a session id and a stream id.", nameof(options));
        }

        Func<EventStream> begin = log.TryGetCaller(out var owner) ? () => EventStream.New(owner) : EventStream.NewUnresumable;
        return ValueTask.FromResult<ISseEventStreamWriter>(new EventStreamWriter(log, options.SessionId, options.StreamId, options.Mode, owner, begin));
    }

    /// <summary>Finds the stream of an event, if it belongs to the caller.</summary>
    /// <exception cref="ArgumentNullException">The id is null.</exception>
    public async ValueTask<ISseEventStreamReader?> GetStreamReaderAsync(string lastEventId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lastEventId);
        if (!EventId.TryParse(lastEventId, out var id))
        {
            AspNetCoreLog.UnknownEventId(logger);
            return null;
        }

        if (!log.TryGetCaller(out var caller))
        {
            return null;
        }

        // The event and those behind it are read in one round trip, and the name in its frame depends on the owner.
        var source = EventSource.Borrow(log.Store, EventLog.IdOf(id.SessionId), id.Sequence);
        return await FindAsync(source, id, EventStream.Of(id.Stream, caller), cancellationToken).ConfigureAwait(false) is { } place
            ? new EventStreamReader(log.Store, place, source)
            : null;
    }

    /// <summary>Moves the source to an event. Where the event is not there, the source is disposed of.</summary>
    private async Task<EventPlace?> FindAsync(EventSource.Borrowed source, EventId id, EventStream stream, CancellationToken cancellationToken)
    {
        EventPlace? place = null;
        try
        {
            using var stopping = source.StopWith(cancellationToken);
            place = await source.MoveNextAsync().ConfigureAwait(false) ? source.Find(id, stream) : null;
            if (place is null)
            {
                AspNetCoreLog.UnknownEventId(logger);
            }
        }
        catch (SessionStoreException exception) when (EventLog.IsGone(exception))
        {
            return null;
        }
        finally
        {
            if (place is null)
            {
                await source.DisposeAsync().ConfigureAwait(false);
            }
        }

        return place;
    }
}
