using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions;

/// <summary>Reads the frames of a session in memory, some at a time, so that no reader keeps the store locked for long.</summary>
/// <param name="operation">What the caller asked for.</param>
/// <param name="id">The session.</param>
/// <param name="range">Which frames.</param>
/// <param name="locked">Does something with the session while nobody else does.</param>
internal sealed class InMemoryFrames(
    string operation, SessionId id, FrameRange range, Func<Func<InMemorySession, FramesTaken>, CancellationToken, ValueTask<FramesTaken>> locked)
{
    /// <summary>The frames as the store holds them: nobody may change their payloads.</summary>
    public async IAsyncEnumerable<MessageEnvelope> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = new FrameCursor(operation, id, range, range.Count);
        do
        {
            // Where none are wanted, the session has to be there all the same.
            var taken = await locked(cursor.Take, cancellationToken).ConfigureAwait(false);
            if (taken.Frames.Length == 0)
            {
                yield break;
            }

            for (var i = 0; i < taken.Frames.Length; i++)
            {
                yield return taken[i];
            }
        }
        while (!cursor.IsDone);
    }

    /// <summary>The frames, each with its own copy of the payload.</summary>
    public async IAsyncEnumerable<MessageEnvelope> CopyAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var frame in ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return frame with { Payload = frame.Payload.ToArray() };
        }
    }
}
