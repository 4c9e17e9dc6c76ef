using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions;

/// <summary>Follows the frames of one session of an in-memory store.</summary>
/// <param name="id">The session.</param>
/// <param name="range">From where on, and how many.</param>
/// <param name="time">The clock of the store.</param>
/// <param name="locked">Does something with the session, and the time it is, while nobody else does.</param>
internal sealed class InMemoryFollowing(
    SessionId id,
    FrameRange range,
    TimeProvider time,
    Func<Func<InMemorySession, DateTimeOffset, InMemoryFollowing.Step>, CancellationToken, ValueTask<InMemoryFollowing.Step>> locked)
{
    /// <summary>Within what a timer can wait for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public async IAsyncEnumerable<MessageEnvelope> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = new FrameCursor(Operations.FollowFrames, id, range, range.IsFromEnd ? null : range.Count);
        while (true)
        {
            var step = await locked((stored, now) => Take(cursor, stored, now), cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < step.Taken.Frames.Length; i++)
            {
                var frame = step.Taken[i];
                yield return frame with { Payload = frame.Payload.ToArray() };
            }

            if (step.Change is null)
            {
                yield break;
            }

            await WaitAsync(step.Change, step.Lifetime, cancellationToken).ConfigureAwait(false);
        }
    }

    private static Step Take(FrameCursor cursor, InMemorySession stored, DateTimeOffset now)
    {
        var taken = cursor.Take(stored);
        var change = taken.Frames.Length > 0 && !cursor.IsDone ? Task.CompletedTask
            : cursor.IsDone || stored.Session.IsClosed ? null
            : stored.NextChange();
        return new Step(taken, change, stored.Session.ExpiresAt - now);
    }

    /// <summary>Waits for a change of the session, or until it may have expired.</summary>
    private async Task WaitAsync(Task change, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        try
        {
            await change.WaitAsync(lifetime < LongestWait ? lifetime : LongestWait, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Time is a change too: who waits looks again.
        }
    }

    /// <summary>What there was when it looked.</summary>
    /// <param name="Taken">The frames that came.</param>
    /// <param name="Change">Completes when there may be more; null where no more is to come.</param>
    /// <param name="Lifetime">How long the session lives if nothing happens.</param>
    public readonly record struct Step(FramesTaken Taken, Task? Change, TimeSpan Lifetime);
}
