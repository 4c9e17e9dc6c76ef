using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Writes the events of one stream, with one append each. The SDK calls it for one event at a time.</summary>
/// <param name="log">The log to write to.</param>
/// <param name="sessionId">The id that the transport gave the session.</param>
/// <param name="streamId">The stream id of the client.</param>
/// <param name="mode">The mode of the stream at its beginning.</param>
/// <param name="owner">The owner of a log that it creates.</param>
/// <param name="begin">Returns a new stream.</param>
internal sealed class EventStreamWriter(
    EventLog log, string sessionId, string streamId, SseEventStreamMode mode, SessionOwner? owner, Func<EventStream> begin) : ISseEventStreamWriter
{
    private readonly SessionId _log = EventLog.IdOf(sessionId);

    private FrameMetadata _common = EventFrames.Common(streamId, mode);
    private EventStream _stream = begin();
    private bool _hasEvents;
    private bool _isDisposed;

    public async ValueTask SetModeAsync(SseEventStreamMode mode, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _common = EventFrames.Common(streamId, mode);
        await NotifyReadersAsync(EventFrames.ModeChange(_log, _stream.Name, _common, log.Clock.GetUtcNow()), cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="SessionNotFoundException">The session was deleted.</exception>
    /// <exception cref="SessionStoreException">The event is not stored, or its outcome is unknown. So it must not be sent as one that a client can resume from.</exception>
    public async ValueTask<SseItem<JsonRpcMessage?>> WriteEventAsync(SseItem<JsonRpcMessage?> sseItem, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (sseItem.EventId is not null)
        {
            return sseItem;
        }

        var frame = EventFrames.Event(_log, _stream.Name, _common, sseItem, log.Clock.GetUtcNow());
        var sequence = await TryAppendAsync(frame, cancellationToken).ConfigureAwait(false) ?? await AppendToNewLogAsync(frame, cancellationToken).ConfigureAwait(false);
        _hasEvents = true;
        return sseItem with { EventId = new EventId(sessionId, _stream.Number, sequence).ToString() };
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await NotifyReadersAsync(EventFrames.End(_log, _stream.Name, _common, log.Clock.GetUtcNow()), CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Appends a frame for the readers of the stream. Without an event, or without a log, there can be none.</summary>
    private async ValueTask NotifyReadersAsync(MessageEnvelope frame, CancellationToken cancellationToken)
    {
        if (_hasEvents)
        {
            await TryAppendAsync(frame, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<long?> TryAppendAsync(MessageEnvelope frame, CancellationToken cancellationToken)
    {
        try
        {
            return await log.AppendAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionNotFoundException)
        {
            return null;
        }
    }

    private async ValueTask<long> AppendToNewLogAsync(MessageEnvelope frame, CancellationToken cancellationToken)
    {
        if (_hasEvents)
        {
            // The log expired, and the sequences of a new one begin at 0: an event id of the old one must not find an event of the new one.
            _stream = begin();
            frame = frame with { ExchangeId = _stream.Name };
        }

        await log.CreateAsync(sessionId, owner, cancellationToken).ConfigureAwait(false);
        return await log.AppendAsync(frame, cancellationToken).ConfigureAwait(false);
    }
}
