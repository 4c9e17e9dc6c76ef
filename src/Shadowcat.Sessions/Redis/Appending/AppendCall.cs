using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>What one call of <c>append-frames.lua</c> carries: the frames of any number of callers, a block for each session. Reused by its lane.</summary>
internal sealed class AppendCall
{
    private const int MaxFrames = 512;
    private const long MaxBytes = 1024 * 1024;

    private readonly List<(SessionChannel Channel, int Appends, int Frames)> _blocks = [];
    private readonly List<PendingAppend> _appends = [];
    private int _frames;
    private long _bytes;

    public bool IsEmpty => _blocks.Count == 0;

    public bool IsFull => _frames >= MaxFrames || _bytes >= MaxBytes;

    public int Frames => _frames;

    public int Sessions => _blocks.Count;

    public IReadOnlyList<PendingAppend> Appends => _appends;

    public IEnumerable<SessionChannel> Channels => _blocks.Select(block => block.Channel);

    /// <summary>Takes what waits in a channel on board, as far as it fits; the first always does.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="one">Whether to take one caller's frames only, because one caller may be refused where another is not.</param>
    public void Take(SessionChannel channel, bool one)
    {
        var (appends, frames) = (0, 0);
        while (channel.Waiting.TryPeek(out var append))
        {
            if (append.IsCompleted)
            {
                // Its caller was cancelled, or waited too long, before it was sent: it never is.
                channel.Waiting.Dequeue().Release();
                continue;
            }

            var fits = _frames == 0 || (_frames + append.Count <= MaxFrames && _bytes + append.Bytes <= MaxBytes);
            if (!fits || (one && appends == 1))
            {
                break;
            }

            _appends.Add(channel.Waiting.Dequeue());
            appends++;
            frames += append.Count;
            _frames += append.Count;
            _bytes += append.Bytes;
        }

        if (appends > 0)
        {
            _blocks.Add((channel, appends, frames));
        }
    }

    public void WriteKeys(Span<RedisKey> keys)
    {
        for (var i = 0; i < _blocks.Count; i++)
        {
            keys[2 * i] = _blocks[i].Channel.SessionKey;
            keys[(2 * i) + 1] = _blocks[i].Channel.FramesKey;
        }
    }

    public void WriteArguments(Span<RedisValue> arguments)
    {
        var (at, next) = (0, 0);
        foreach (var (_, appends, frames) in _blocks)
        {
            arguments[at++] = frames;
            for (var last = next + appends; next < last; next++)
            {
                var append = _appends[next];
                for (var i = 0; i < append.Count; i++)
                {
                    arguments[at++] = append[i];
                }
            }
        }
    }

    /// <summary>Hands each caller its own answer.</summary>
    public void Complete(ref AppendReply reply, Func<PendingAppend, AppendCode, long, SessionStoreException> refusal)
    {
        var next = 0;
        foreach (var (_, appends, _) in _blocks)
        {
            var (code, value) = reply.NextOutcome();
            for (var last = next + appends; next < last; next++)
            {
                var append = _appends[next];
                if (code == AppendCode.Stored)
                {
                    append.TryComplete(value);
                    value += append.Count;
                }
                else
                {
                    append.TryFail(refusal(append, code, value));
                }
            }
        }
    }

    /// <summary>Lets go of everybody, who all have their answer.</summary>
    public void Clear()
    {
        foreach (var append in _appends)
        {
            append.Release();
        }

        _appends.Clear();
        _blocks.Clear();
        (_frames, _bytes) = (0, 0);
    }
}
