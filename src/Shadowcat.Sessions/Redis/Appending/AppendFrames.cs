using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>What is sent to append frames to any number of sessions of one partition by <c>append-frames.lua</c>: one atomic call.</summary>
/// <remarks>
/// It is complete once it is made, and does not look at the lane again: sent once more under its number, even long after the lane went on to
/// another call, it is the same call, which the server carries out once or, after a newer one, not at all.
/// </remarks>
internal sealed class AppendFrames
{
    private const int FixedKeys = 1;
    private const int FixedArguments = 8;

    private static readonly RedisScript Script = new("append-frames");

    private readonly RedisKey[] _keys;
    private readonly RedisValue[] _arguments;

    public AppendFrames(RedisPartition partition, AppendLane lane, TimeSpan memory, SessionStoreOptions options)
    {
        var call = lane.Call;
        _keys = new RedisKey[FixedKeys + (2 * call.Sessions)];
        _keys[0] = partition.Writers;
        call.WriteKeys(_keys.AsSpan(FixedKeys));

        _arguments = new RedisValue[FixedArguments + call.Sessions + call.Frames];
        _arguments[0] = lane.Writer;
        _arguments[1] = lane.Number;
        _arguments[2] = lane.Acknowledged;
        _arguments[3] = (long)memory.TotalMilliseconds;
        _arguments[4] = SessionHash.Format;
        _arguments[5] = options.MaxFramesPerSession ?? 0;
        _arguments[6] = options.MaxFramesBytesPerSession ?? 0;
        _arguments[7] = options.FrameOverflow == FrameOverflow.Refuse;
        call.WriteArguments(_arguments.AsSpan(FixedArguments));
    }

    /// <summary>Sends the call.</summary>
    /// <returns>The reply, for <see cref="AppendReply"/>.</returns>
    public async Task<ReadOnlyMemory<byte>> RunAsync(IDatabase database) =>
        (RedisValue)await Script.EvaluateAsync(database, _keys, _arguments).ConfigureAwait(false);
}
