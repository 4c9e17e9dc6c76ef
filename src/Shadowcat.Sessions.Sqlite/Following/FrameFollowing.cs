using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Follows the frames of a session: reads what there is, and waits until there may be more.</summary>
internal sealed class FrameFollowing(FileReads reads, FollowedSessions followed, StoreClock clock, StoreTelemetry telemetry, ILogger logger)
{
    /// <summary>Within what a timer can wait for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public async IAsyncEnumerable<MessageEnvelope> RunAsync(SessionId id, FrameRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = new FrameCursor(Operations.FollowFrames, id, range, follows: true);
        followed.Enter(id);
        try
        {
            while (true)
            {
                // Asked for before the session is read, so that what comes in between is not missed.
                var change = followed.NextChange(id);
                var page = await ReadAsync(cursor, id, cancellationToken).ConfigureAwait(false);
                foreach (var frame in page.Frames)
                {
                    yield return frame;
                }

                if (page.IsClosed)
                {
                    yield break;
                }

                if (page.Frames.Count == 0)
                {
                    await WaitAsync(change, page.Expires, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            followed.Leave(id);
        }
    }

    /// <summary>Reads the next frames. Once it has begun, an outage only delays it.</summary>
    private async ValueTask<FramePage> ReadAsync(FrameCursor cursor, SessionId id, CancellationToken cancellationToken)
    {
        for (var isDelayed = false; ;)
        {
            try
            {
                return await telemetry.MeasureAsync(
                    Operations.FollowFrames, () => reads.RunAsync(Operations.FollowFrames, id, cursor.Take, cancellationToken)).ConfigureAwait(false);
            }
            catch (SessionStoreException outage) when (outage.IsTransient && cursor.HasBegun)
            {
                if (!isDelayed)
                {
                    isDelayed = true;
                    SqliteLog.FollowingDelayed(logger, outage.Reason);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for a change, or until the session may have expired.</summary>
    private async Task WaitAsync(Task change, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        var lifetime = expires - clock.Now;
        try
        {
            await change.WaitAsync(lifetime <= TimeSpan.Zero ? TimeSpan.Zero : lifetime < LongestWait ? lifetime : LongestWait, clock.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Time is a change too: who waits looks again.
        }
    }
}
