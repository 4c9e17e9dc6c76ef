using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Appends blocks of frames to any number of sessions of one partition by <c>append-frames.lua</c>: one atomic call.</summary>
internal static class AppendFrames
{
    private const int FixedArguments = 5;
    private const int ArgumentsPerBlock = 4;

    private static readonly RedisScript Script = new("append-frames");

    /// <summary>Sends the blocks.</summary>
    /// <returns>For each block its code and the value that goes with it.</returns>
    public static async Task<(AppendCode Code, long Value)[]> RunAsync(
        IDatabase database, RedisPartition partition, string writer, IReadOnlyList<AppendBlock> blocks, SessionStoreOptions options)
    {
        var keys = new RedisKey[blocks.Count * 2];
        var arguments = new RedisValue[FixedArguments + blocks.Sum(block => ArgumentsPerBlock + block.Frames.Count)];
        arguments[0] = writer;
        arguments[1] = SessionHash.Format;
        arguments[2] = options.MaxFramesPerSession ?? 0;
        arguments[3] = options.MaxFramesBytesPerSession ?? 0;
        arguments[4] = options.FrameOverflow == FrameOverflow.Refuse;
        var at = FixedArguments;
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            keys[2 * i] = partition.Session(block.Id);
            keys[(2 * i) + 1] = partition.Frames(block.Id);
            arguments[at++] = block.Number;
            arguments[at++] = block.Acknowledged;
            arguments[at++] = block.SentBefore;
            arguments[at++] = block.Frames.Count;
            foreach (var frame in block.Frames)
            {
                arguments[at++] = frame;
            }
        }

        var reply = (long[])(await Script.EvaluateAsync(database, keys, arguments).ConfigureAwait(false))!;
        var outcomes = new (AppendCode, long)[blocks.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = ((AppendCode)reply[2 * i], reply[(2 * i) + 1]);
        }

        return outcomes;
    }
}
