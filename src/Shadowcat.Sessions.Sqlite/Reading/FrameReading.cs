using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Reads the frames of a session page by page. Between pages nothing of the file is held.</summary>
internal sealed class FrameReading(FileReads reads, StoreTelemetry telemetry)
{
    public async IAsyncEnumerable<MessageEnvelope> RunAsync(string operation, SessionId id, FrameRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = new FrameCursor(operation, id, range, follows: false);
        while (true)
        {
            var page = await telemetry.MeasureAsync(operation, () => reads.RunAsync(operation, id, cursor.Take, cancellationToken)).ConfigureAwait(false);
            foreach (var frame in page.Frames)
            {
                yield return frame;
            }

            // Where the range is open, what was appended meanwhile comes too.
            if (page.Frames.Count == 0 || (page.IsLast && range.Count is not null))
            {
                yield break;
            }
        }
    }
}
