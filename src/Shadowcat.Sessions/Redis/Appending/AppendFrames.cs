using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Sends frames to any number of sessions of one partition by <c>append-frames.lua</c>: one atomic call.</summary>
internal static class AppendFrames
{
    private const int FixedKeys = 1;
    private const int FixedArguments = 8;

    private static readonly RedisScript Script = new("append-frames");

    /// <summary>Sends a lane's call under its number. Sent again under the same number it is the same call, and is carried out once.</summary>
    /// <returns>The reply, for <see cref="AppendReply"/>.</returns>
    public static async Task<ReadOnlyMemory<byte>> RunAsync(
        IDatabase database, RedisPartition partition, AppendLane lane, TimeSpan memory, SessionStoreOptions options)
    {
        var call = lane.Call;
        var keys = new RedisKey[FixedKeys + (2 * call.Sessions)];
        keys[0] = partition.Writers;
        call.WriteKeys(keys.AsSpan(FixedKeys));

        var arguments = new RedisValue[FixedArguments + call.Sessions + call.Frames];
        arguments[0] = lane.Writer;
        arguments[1] = lane.Number;
        arguments[2] = lane.Acknowledged;
        arguments[3] = (long)memory.TotalMilliseconds;
        arguments[4] = SessionHash.Format;
        arguments[5] = options.MaxFramesPerSession ?? 0;
        arguments[6] = options.MaxFramesBytesPerSession ?? 0;
        arguments[7] = options.FrameOverflow == FrameOverflow.Refuse;
        call.WriteArguments(arguments.AsSpan(FixedArguments));

        return (RedisValue)await Script.EvaluateAsync(database, keys, arguments).ConfigureAwait(false);
    }
}
