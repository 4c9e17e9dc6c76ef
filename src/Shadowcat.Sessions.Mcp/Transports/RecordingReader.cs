using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Shows each message to the recording when it is read, so in the order of the wire.</summary>
internal sealed class RecordingReader(ChannelReader<JsonRpcMessage> inner, SessionRecorder recorder, Action<JsonRpcMessage> onRead) : ChannelReader<JsonRpcMessage>
{
    public override Task Completion => inner.Completion;

    public override bool CanCount => inner.CanCount;

    public override int Count => inner.Count;

    public override bool CanPeek => inner.CanPeek;

    public override bool TryPeek([MaybeNullWhen(false)] out JsonRpcMessage item) => inner.TryPeek(out item);

    public override bool TryRead([MaybeNullWhen(false)] out JsonRpcMessage item)
    {
        // Where messages wait for room, they wait in the transport: what is not read slows its sender down.
        if (!recorder.HasRoom || !inner.TryRead(out item))
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
            if (recorder.HasRoom)
            {
                return true;
            }

            await recorder.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        }

        return false;
    }
}
