using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>Messages as they were on the wire, one a line, on the standard output.</summary>
internal static class RawFrames
{
    /// <param name="frames">The frames.</param>
    /// <param name="flushes">Whether each is to be seen at once.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task WriteAsync(IAsyncEnumerable<MessageEnvelope> frames, bool flushes, CancellationToken cancellationToken)
    {
        await using var output = new BufferedStream(StandardOutput.Open());
        await foreach (var frame in frames)
        {
            await output.WriteAsync(frame.Payload, cancellationToken);
            output.WriteByte((byte)'\n');
            if (flushes)
            {
                await output.FlushAsync(cancellationToken);
            }
        }
    }
}
