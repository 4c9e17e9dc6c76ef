using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Keeps the events of SSE streams in a session store, so that a client resumes a stream at any replica.</summary>
internal sealed class SessionEventStore(EventLog log, ILogger<SessionEventStore> logger) : ISseEventStreamStore
{
    /// <summary>Begins a stream. Nothing is stored before its first event.</summary>
    /// <exception cref="ArgumentException">The options are null or have no session or stream id.</exception>
    public ValueTask<ISseEventStreamWriter> CreateStreamAsync(SseEventStreamOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrEmpty(options.SessionId) || options.StreamId is null)
        {
            throw new ArgumentException("A stream needs the id of its session and its own.", nameof(options));
        }

        Func<EventStream> begin = log.TryGetCaller(out var owner) ? () => EventStream.New(owner) : EventStream.NewUnresumable;
        return ValueTask.FromResult<ISseEventStreamWriter>(new EventStreamWriter(log, options.SessionId, options.StreamId, options.Mode, owner, begin));
    }

    /// <summary>Finds the stream of an event, if it is one of the caller's.</summary>
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

        // The event and what is behind it come in one round trip, and the event itself says whose it is.
        var source = EventSource.Borrow(log.Store, EventLog.IdOf(id.SessionId), id.Sequence);
        return await FindAsync(source, id, EventStream.Of(id.Stream, caller), cancellationToken).ConfigureAwait(false) is { } place
            ? new EventStreamReader(log.Store, place, source)
            : null;
    }

    /// <summary>Finds an event, to which the source then has moved; where it is not there, the source is closed.</summary>
    private async Task<EventPlace?> FindAsync(EventSource.Lent source, EventId id, EventStream stream, CancellationToken cancellationToken)
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
