using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Reads the events of a stream behind one of them: what is there in one range, then what comes, as the store tells of it.</summary>
internal sealed class EventStreamReader(ISessionStore store, EventId last, MessageEnvelope lastFrame) : ISseEventStreamReader
{
    private readonly string _stream = lastFrame.ExchangeId!;

    public string SessionId => last.SessionId;

    public string StreamId { get; } = EventFrames.StreamIdOf(lastFrame);

    /// <exception cref="McpException">The events are gone, with their session or because newer ones took their room.</exception>
    public async IAsyncEnumerable<SseItem<JsonRpcMessage?>> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var mode = EventFrames.ModeOf(lastFrame);
        var next = last.Sequence + 1;
        while (true)
        {
            var range = FrameRange.From(next);
            var reading = mode == SseEventStreamMode.Polling
                ? store.GetFramesAsync(lastFrame.SessionId, range, cancellationToken)
                : store.FollowFramesAsync(lastFrame.SessionId, range, cancellationToken);
            var frames = reading.GetAsyncEnumerator(cancellationToken);
            await using (frames.ConfigureAwait(false))
            {
                var isModeChanged = false;
                while (!isModeChanged && await MoveNextAsync(frames).ConfigureAwait(false))
                {
                    var frame = frames.Current;
                    next = frame.Sequence + 1;
                    if (frame.ExchangeId != _stream)
                    {
                        continue;
                    }

                    if (EventFrames.IsEnd(frame))
                    {
                        yield break;
                    }

                    if (EventFrames.IsEvent(frame))
                    {
                        yield return EventFrames.Read(frame, last with { Sequence = frame.Sequence });
                    }

                    isModeChanged = EventFrames.ModeOf(frame) != mode;
                    mode = EventFrames.ModeOf(frame);
                }

                if (!isModeChanged)
                {
                    yield break;
                }
            }
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<MessageEnvelope> frames)
    {
        try
        {
            return await frames.MoveNextAsync().ConfigureAwait(false);
        }
        catch (SessionStoreException exception) when (exception is SessionNotFoundException or FramesTrimmedException)
        {
            throw new McpException("The events of the stream are no longer kept.", exception);
        }
    }
}
