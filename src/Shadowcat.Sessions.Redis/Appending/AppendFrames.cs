using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>What is sent to append frames to any number of sessions of one partition by <c>append-frames.lua</c>: one atomic call.</summary>
/// <remarks>
/// It names the list that it is about, and does nothing to another: sent once more, or arriving late, it is told from its first try by the frames, which have stamps. A try that
/// follows one that was not answered says from where on they may stand.
/// </remarks>
internal sealed class AppendFrames
{
    private const int FixedKeys = 3;
    private const int KeysOfABlock = 3;
    private const int FixedArguments = 5;
    private const int ArgumentsOfABlock = 8;

    private static readonly RedisScript Script = new("append-frames");

    private readonly AppendBlock[] _blocks;
    private readonly string[] _unusedTokens;
    private readonly int _breaks;
    private readonly RedisKey[] _keys;
    private readonly RedisValue[] _arguments;

    /// <summary>What the blocks are told where a try was not answered: their sessions, and from where on they may stand.</summary>
    private readonly (int At, RedisValue Generation, long Since)[] _repeated;
    private Exception? _unanswered;

    /// <summary>Makes the call. From then on it does not look at the blocks before its answer is there: a try may still be made when they are those of another flight.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="blocks">What to append.</param>
    /// <param name="options">The bounds of a session.</param>
    /// <param name="breaks">How many times the connection was lost until now.</param>
    public AppendFrames(RedisPartition partition, AppendBlock[] blocks, SessionStoreOptions options, int breaks)
    {
        _blocks = blocks;
        _breaks = breaks;
        _unusedTokens = Array.ConvertAll(blocks, static _ => FencingToken.New());
        _repeated = new (int, RedisValue, long)[blocks.Length];
        _keys = new RedisKey[FixedKeys + (KeysOfABlock * blocks.Length)];
        _arguments = new RedisValue[FixedArguments + blocks.Sum(static block => ArgumentsOfABlock + block.Frames)];
        (_keys[0], _keys[1], _keys[2]) = (partition.Active, partition.Expiry, partition.Index);
        _arguments[0] = SessionHash.Format;
        _arguments[1] = options.MaxFramesPerSession ?? 0;
        _arguments[2] = options.MaxFramesBytesPerSession ?? 0;
        _arguments[3] = options.FrameOverflow == FrameOverflow.Refuse;
        _arguments[4] = partition.Followed;
        var (key, argument) = (FixedKeys, FixedArguments);
        for (var i = 0; i < blocks.Length; i++)
        {
            var (block, channel) = (blocks[i], blocks[i].Channel);
            _keys[key++] = channel.SessionKey;
            _keys[key++] = channel.ListKey;
            _keys[key++] = partition.Frames(channel.Id, _unusedTokens[i]);
            _arguments[argument++] = block.Frames;
            _arguments[argument++] = channel.List.Token;
            _arguments[argument++] = _unusedTokens[i];
            _repeated[i] = (argument, Digits(block.GenerationOfRepetition), block.SinceOfRepetition);
            _arguments[argument++] = Digits(block.Generation);
            _arguments[argument++] = block.Since;
            _arguments[argument++] = channel.Acknowledged?.Sequence ?? -1;
            _arguments[argument++] = channel.Acknowledged is { } mark ? FrameStamp.Bytes(mark.Stamp) : RedisValue.EmptyString;
            _arguments[argument++] = channel.NeedsNewList;
            block.WriteFrames(_arguments.AsSpan(argument));
            argument += block.Frames;
        }
    }

    /// <summary>Sends the call.</summary>
    /// <returns>The reply, for <see cref="Complete"/>.</returns>
    public async Task<ReadOnlyMemory<byte>> RunAsync(IDatabase database)
    {
        try
        {
            return (RedisValue)await Script.EvaluateAsync(database, _keys, _unanswered is null ? _arguments : Repeated()).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.MayArriveLate(exception))
        {
            _unanswered = exception;
            throw;
        }
    }

    /// <summary>Tells the blocks of a try that was not answered, where there was one. They are still those of this call.</summary>
    public void NoteUnanswered()
    {
        if (_unanswered is { } exception)
        {
            Array.ForEach(_blocks, block => block.Unanswered(exception));
        }
    }

    /// <summary>Hands each caller its own answer, and notes what was learnt of the lists.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="fresh">Turns for how many ms a deadline need not move into timestamps.</param>
    /// <param name="refusal">What a code means to the callers of a block.</param>
    /// <param name="listeners">Who else is told.</param>
    /// <returns>Whether frames turned out to be gone that were acknowledged.</returns>
    public bool Complete(
        ref AppendReply reply,
        Func<long, (long From, long Until)> fresh,
        Func<AppendBlock, PendingAppend, AppendCode, long, SessionStoreException> refusal,
        SessionChangeListeners listeners)
    {
        var hasLost = false;
        for (var i = 0; i < _blocks.Length; i++)
        {
            reply.Next();
            var (block, code, value) = (_blocks[i], reply.Code, reply.Value);
            switch (code)
            {
                case AppendCode.Renamed:
                    // The block stays open: the next call knows the list.
                    block.Channel.Rename(reply.List);
                    break;
                case AppendCode.Interrupted:
                    break;
                case AppendCode.Stored or AppendCode.StoredInNewList:
                    hasLost |= Store(block, reply, _unusedTokens[i], fresh(reply.Rest));
                    Tell(listeners, block, reply);
                    block.Complete(value);
                    break;
                case AppendCode.FramesLost:
                    hasLost = true;
                    var lost = block.Channel.Acknowledged?.Sequence ?? value - 1;
                    block.Channel.Lose(_unusedTokens[i], value);
                    listeners.Notify(SessionChange.Gone(block.Channel.Id));
                    block.FailLost(lost);
                    break;
                default:
                    block.Channel.Forget();
                    listeners.Notify(SessionChange.Gone(block.Channel.Id));
                    block.Fail(append => refusal(block, append, code, value));
                    break;
            }
        }

        return hasLost;
    }

    /// <summary>Notes what was learnt of a list that a block is stored in.</summary>
    /// <returns>Whether frames are gone that were acknowledged before; the next who append to it are told.</returns>
    private bool Store(AppendBlock block, in AppendReply reply, string unusedToken, (long From, long Until) fresh)
    {
        var channel = block.Channel;
        if (reply.Code == AppendCode.StoredInNewList)
        {
            channel.Rename(channel.List with { Token = unusedToken });
        }

        var isMisplaced = block.Since < 0 ? reply.Value <= channel.Acknowledged?.Sequence : reply.Value < block.Since;
        var lost = reply.Rest < 0 || isMisplaced ? channel.Acknowledged?.Sequence : null;
        channel.Learn(reply, block.LastOf(reply.Value), fresh, _breaks);
        if (lost is { } sequence)
        {
            channel.Lose(sequence);
        }

        return lost is not null;
    }

    private static void Tell(SessionChangeListeners listeners, AppendBlock block, in AppendReply reply)
    {
        if (reply.ExpiresAt is { } expiresAt)
        {
            listeners.Notify(new SessionActivity(block.Channel.Id, reply.Time, reply.Value + block.Frames, reply.First, expiresAt));
        }
        else
        {
            // Stored by an earlier call: what else happened then is not known now.
            listeners.Notify(SessionChange.Gone(block.Channel.Id));
        }
    }

    private static RedisValue Digits(Guid generation) => generation == Guid.Empty ? RedisValue.EmptyString : generation.ToString("N");

    /// <summary>The arguments of a try behind one that was not answered. Those of that one stay as they are: it may still be about to be written.</summary>
    private RedisValue[] Repeated()
    {
        RedisValue[] arguments = [.. _arguments];
        foreach (var (at, generation, since) in _repeated)
        {
            (arguments[at], arguments[at + 1]) = (generation, since);
        }

        return arguments;
    }
}
