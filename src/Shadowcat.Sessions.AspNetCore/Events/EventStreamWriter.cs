using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Writes the events of one stream: one append each. The SDK writes them one after the other.</summary>
/// <param name="log">Where to.</param>
/// <param name="sessionId">What the transport calls the session.</param>
/// <param name="streamId">What the client calls the stream.</param>
/// <param name="mode">The mode that it begins in.</param>
/// <param name="owner">Whose a log is that it begins.</param>
/// <param name="begin">Makes a stream that was never used.</param>
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
        await SayAsync(EventFrames.ModeChange(_log, _stream.Name, _common, log.Clock.GetUtcNow()), cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="SessionNotFoundException">The session was deleted.</exception>
    /// <exception cref="SessionStoreException">The event is not stored, or is not known to be; so it must not be sent as one that can be resumed from.</exception>
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
            await SayAsync(EventFrames.End(_log, _stream.Name, _common, log.Clock.GetUtcNow()), CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Tells the readers, where there can be any: without an event nobody can ask for the stream, and without a log nobody can any more.</summary>
    private async ValueTask SayAsync(MessageEnvelope frame, CancellationToken cancellationToken)
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
            // The log expired, and the places in a new one begin anew: an id from the old one must not be taken for one of the new.
            _stream = begin();
            frame = frame with { ExchangeId = _stream.Name };
        }

        await log.CreateAsync(sessionId, owner, cancellationToken).ConfigureAwait(false);
        return await log.AppendAsync(frame, cancellationToken).ConfigureAwait(false);
    }
}
