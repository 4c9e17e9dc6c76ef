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
    private const int KeysOfABlock = 3;
    private const int FixedArguments = 9;
    private const int ArgumentsOfABlock = 5;

    private static readonly RedisScript Script = new("append-frames");

    private readonly AppendBlock[] _blocks;
    private readonly string[] _unusedNames;
    private readonly RedisKey[] _keys;
    private readonly RedisValue[] _arguments;

    public AppendFrames(RedisPartition partition, AppendLane lane, AppendBlock[] blocks, TimeSpan memory, SessionStoreOptions options)
    {
        _blocks = blocks;
        _unusedNames = Array.ConvertAll(blocks, static _ => ListNames.New());
        _keys = new RedisKey[FixedKeys + (KeysOfABlock * blocks.Length)];
        _arguments = new RedisValue[FixedArguments + blocks.Sum(static block => ArgumentsOfABlock + block.Frames)];

        _keys[0] = partition.Writers;
        _arguments[0] = lane.Writer;
        _arguments[1] = lane.Number;
        _arguments[2] = lane.Acknowledged;
        _arguments[3] = (long)memory.TotalMilliseconds;
        _arguments[4] = SessionHash.Format;
        _arguments[5] = options.MaxFramesPerSession ?? 0;
        _arguments[6] = options.MaxFramesBytesPerSession ?? 0;
        _arguments[7] = options.FrameOverflow == FrameOverflow.Refuse;
        _arguments[8] = partition.Followed;
        var (key, argument) = (FixedKeys, FixedArguments);
        for (var i = 0; i < blocks.Length; i++)
        {
            var (block, channel) = (blocks[i], blocks[i].Channel);
            _keys[key++] = channel.SessionKey;
            _keys[key++] = channel.ListKey;
            _keys[key++] = partition.Frames(channel.Id, _unusedNames[i]);
            _arguments[argument++] = block.Frames;
            _arguments[argument++] = channel.List;
            _arguments[argument++] = _unusedNames[i];
            _arguments[argument++] = block.Since;
            _arguments[argument++] = channel.NeedsNewList;
            block.WriteFrames(_arguments.AsSpan(argument));
            argument += block.Frames;
        }
    }

    /// <summary>Whether the call was sent and not answered: it may still be carried out.</summary>
    public bool MayArriveLate { get; private set; }

    /// <summary>Whether it was sent more than once, so that an earlier try may not have been answered.</summary>
    private bool _wasRepeated;
    private bool _wasSent;

    /// <summary>Sends the call.</summary>
    /// <returns>The reply, for <see cref="Complete"/>.</returns>
    public async Task<ReadOnlyMemory<byte>> RunAsync(IDatabase database)
    {
        _wasRepeated = _wasSent;
        _wasSent = true;
        try
        {
            return (RedisValue)await Script.EvaluateAsync(database, _keys, _arguments).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.MayArriveLate(exception))
        {
            MayArriveLate = true;
            throw;
        }
    }

    /// <summary>Hands each caller its own answer, and notes what was learnt of the lists.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="fresh">Turns for how many ms a deadline need not move into timestamps.</param>
    /// <param name="refusal">What a code means to a caller.</param>
    /// <param name="listeners">Who else is told.</param>
    public void Complete(
        ref AppendReply reply,
        Func<long, (long From, long Until)> fresh,
        Func<PendingAppend, AppendCode, long, SessionStoreException> refusal,
        SessionChangeListeners listeners)
    {
        for (var i = 0; i < _blocks.Length; i++)
        {
            reply.Next();
            var (block, code, value) = (_blocks[i], reply.Code, reply.Value);
            if (_wasRepeated)
            {
                block.Soil();
            }

            switch (code)
            {
                case AppendCode.Renamed:
                    // The block stays open: the next call knows the name.
                    block.Channel.Rename(reply.Name!);
                    break;
                case AppendCode.Stored or AppendCode.StoredInNewList:
                    if (code == AppendCode.StoredInNewList)
                    {
                        block.Channel.Rename(_unusedNames[i]);
                    }

                    block.Channel.Learn(reply.First, value + block.Frames, fresh(reply.Rest), reply.Followed > 0);
                    Tell(listeners, block, reply);
                    block.Complete(value);
                    break;
                default:
                    block.Channel.Forget();
                    listeners.Changed(SessionChange.Gone(block.Channel.Id));
                    block.Fail(append => refusal(append, code, value));
                    break;
            }
        }
    }

    private static void Tell(SessionChangeListeners listeners, AppendBlock block, in AppendReply reply)
    {
        if (reply.ExpiresAt is { } expiresAt)
        {
            listeners.Active(new SessionActivity(block.Channel.Id, reply.Time, reply.Value + block.Frames, reply.First, expiresAt));
        }
        else
        {
            // Stored by an earlier call: what else happened then is not known now.
            listeners.Changed(SessionChange.Gone(block.Channel.Id));
        }
    }
}
