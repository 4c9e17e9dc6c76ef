using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The messages that a transport received. Each is recorded when it is read, so in the order of the wire.</summary>
internal sealed class ReceivedMessages(ChannelReader<JsonRpcMessage> inner, SessionRecorder recorder, Action<JsonRpcMessage> onRead) : ChannelReader<JsonRpcMessage>
{
    public override Task Completion => inner.Completion;

    public override bool CanCount => inner.CanCount;

    public override int Count => inner.Count;

    public override bool CanPeek => inner.CanPeek;

    public override bool TryPeek([MaybeNullWhen(false)] out JsonRpcMessage item) => inner.TryPeek(out item);

    public override bool TryRead([MaybeNullWhen(false)] out JsonRpcMessage item)
    {
        // Backpressure: where messages wait for capacity, they stay in the transport, which slows their sender down.
        if (!recorder.HasCapacity || !inner.TryRead(out item))
        {
            item = null;
            return false;
        }

        onRead(item);
        return true;
    }

    public override async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        while (await inner.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (recorder.HasCapacity)
            {
                return true;
            }

            await recorder.WaitForCapacityAsync(cancellationToken).ConfigureAwait(false);
        }

        return false;
    }
}
