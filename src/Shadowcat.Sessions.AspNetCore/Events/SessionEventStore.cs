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

        return ValueTask.FromResult<ISseEventStreamWriter>(new EventStreamWriter(log, options.SessionId, options.StreamId, options.Mode));
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

        if (!await log.IsOfCallerAsync(id.SessionId, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        try
        {
            var stream = EventFrames.NameOf(id.Stream);
            await foreach (var frame in log.Store.GetFramesAsync(EventLog.IdOf(id.SessionId), FrameRange.From(id.Sequence, 1), cancellationToken).ConfigureAwait(false))
            {
                if (frame.ExchangeId == stream && EventFrames.IsEvent(frame.Direction))
                {
                    return new EventStreamReader(log.Store, id, frame);
                }
            }
        }
        catch (SessionStoreException exception) when (exception is FramesTrimmedException or SessionNotFoundException)
        {
            // What is not kept any longer is as if it had never been.
            return null;
        }

        AspNetCoreLog.UnknownEventId(logger);
        return null;
    }
}
