using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Deletes frames by <c>delete-frames.lua</c>, a bounded number at a time, so that no other caller waits long.</summary>
internal static class DeleteFrames
{
    private const int FramesPerStep = 1000;

    private static readonly ListScript Script = new("delete-frames", changesToken: true);

    /// <summary>Deletes the frames of one step. However often it is tried, they are deleted once.</summary>
    /// <param name="target">The connection.</param>
    /// <param name="partition">The partition of the session.</param>
    /// <param name="id">The session.</param>
    /// <param name="beforeSequence">Frames below this sequence go.</param>
    /// <param name="step">The step: all of its tries are about the session that the first was about.</param>
    /// <param name="records">How long idempotency records stay.</param>
    public static async Task<(long Deleted, bool More)> RunAsync(
        RedisTarget target, RedisPartition partition, SessionId id, long beforeSequence, DeleteFramesStep step, RecordLifetimes records)
    {
        var reply = await Script.EvaluateAsync(
            target,
            partition,
            id,
            [SessionHash.Format, FramesPerStep, (long)records.Repetition.TotalMilliseconds],
            [beforeSequence, step.Operation, step.Generation],
            step.Unanswered).ConfigureAwait(false);
        return (string?)reply[0] switch
        {
            "deleted" => ((long)reply[1], (bool)reply[2]),
            "format" => throw SessionHash.UnknownFormat(Operations.DeleteFrames, id, (RedisValue)reply[1]),
            "damaged" => throw FrameList.Damaged(Operations.DeleteFrames, id),
            _ when step.Generation.Length > 0 => throw CallTries.Ended(Operations.DeleteFrames, id),
            _ => throw new SessionNotFoundException(Operations.DeleteFrames, id),
        };
    }
}
