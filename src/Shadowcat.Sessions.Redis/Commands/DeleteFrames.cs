using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Deletes frames by <c>delete-frames.lua</c>, a bounded number at a time, so that no other caller waits long.</summary>
internal static class DeleteFrames
{
    private const int FramesPerStep = 1000;

    /// <summary>Where the answer has the oldest sequence that is kept.</summary>
    private const int Kept = 3;

    private static readonly ListScript Script = new("delete-frames", changesToken: true);

    /// <summary>Deletes the frames of one step. However often it is tried, they are deleted once.</summary>
    /// <param name="target">The connection.</param>
    /// <param name="partition">The partition of the session.</param>
    /// <param name="id">The session.</param>
    /// <param name="beforeSequence">Frames below this sequence go.</param>
    /// <param name="step">The step: all of its tries are about the session that the first was about.</param>
    /// <param name="records">How long idempotency records stay.</param>
    /// <param name="listeners">They are notified of the oldest sequence that is kept.</param>
    public static async Task<(long Deleted, bool More)> RunAsync(
        RedisTarget target, RedisPartition partition, SessionId id, long beforeSequence, DeleteFramesStep step, RecordLifetimes records, SessionChangeListeners listeners)
    {
        var reply = await Script.EvaluateAsync(
            target,
            partition,
            id,
            [SessionHash.Format, FramesPerStep, (long)records.Repetition.TotalMilliseconds],
            [beforeSequence, step.Operation, step.Generation],
            step.Unanswered).ConfigureAwait(false);
        switch ((string?)reply[0])
        {
            case "deleted" when reply.Length > Kept:
                listeners.Notify(new SessionActivity(id, firstSequence: (long)reply[Kept]));
                return ((long)reply[1], (bool)reply[2]);
            case "deleted":
                // A repetition: what is kept now is not known.
                listeners.Notify(SessionChange.Gone(id));
                return ((long)reply[1], (bool)reply[2]);
            case "format":
                throw SessionHash.UnknownFormat(Operations.DeleteFrames, id, (RedisValue)reply[1]);
            case "damaged":
                throw FrameList.Damaged(Operations.DeleteFrames, id);
            default:
                throw step.Generation.Length > 0 ? CallTries.Ended(Operations.DeleteFrames, id) : new SessionNotFoundException(Operations.DeleteFrames, id);
        }
    }
}
