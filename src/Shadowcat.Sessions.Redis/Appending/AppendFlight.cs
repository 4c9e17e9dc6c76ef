using System.Runtime.InteropServices;

namespace Shadowcat.Sessions.Redis;

/// <summary>What goes out together: the frames of any number of callers, a block for each session. Reused by its lane.</summary>
internal sealed class AppendFlight(AppendRoom room)
{
    private const int MaxFrames = 512;
    private const long MaxBytes = 1024 * 1024;

    private readonly List<AppendBlock> _blocks = [];
    private int _count;
    private int _frames;
    private long _bytes;
    private long _leftFrames;
    private long _leftBytes;

    public bool IsEmpty => _count == 0;

    public bool IsFull => _frames >= MaxFrames || _bytes >= MaxBytes;

    public ReadOnlySpan<AppendBlock> Blocks => CollectionsMarshal.AsSpan(_blocks)[.._count];

    /// <summary>Whether it has more than one caller.</summary>
    public bool IsShared => _count > 1 || _blocks[0].Appends.Count > 1;

    /// <summary>The one caller of a flight that has no other.</summary>
    public PendingAppend? LoneCaller => _count == 1 && _blocks[0].Appends is [var append] ? append : null;

    public AppendBlock this[int block] => _blocks[block];

    public int Count => _count;

    /// <summary>Whether a block is open and not pushed.</summary>
    public bool HasOpen
    {
        get
        {
            foreach (var block in Blocks)
            {
                if (block is { IsOpen: true, IsPushed: false })
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Waits for the answer to what was pushed last. The others were given before, so that whoever waits for them now need not be woken for each.</summary>
    public ValueTask AnsweredAsync()
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            if (_blocks[i].IsPushed)
            {
                return _blocks[i].AnsweredAsync();
            }
        }

        return default;
    }

    /// <summary>The blocks that are open and not pushed.</summary>
    public AppendBlock[] OpenBlocks() => [.. _blocks.Take(_count).Where(block => block is { IsOpen: true, IsPushed: false })];

    public int Frames => _frames;

    /// <summary>How many frames are stored.</summary>
    public int CountStored()
    {
        var stored = 0;
        foreach (var block in Blocks)
        {
            stored += block.IsStored ? block.Frames : 0;
        }

        return stored;
    }

    /// <summary>How many blocks may be pushed.</summary>
    public int CountPushable(long now, int breaks)
    {
        var pushable = 0;
        foreach (var block in Blocks)
        {
            pushable += block.CanPush(now, breaks) ? 1 : 0;
        }

        return pushable;
    }

    /// <summary>Takes what waits in a channel on board, as far as it fits; the first always does.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="one">Whether to take one caller's frames only, because one caller may be refused where another is not. So are frames taken that may stand already, or are meant for one session only: they do, or do not, by themselves.</param>
    /// <returns>Whether there is a block of this channel now.</returns>
    public bool TryTake(SessionChannel channel, bool one)
    {
        if (_count == _blocks.Count)
        {
            _blocks.Add(new AppendBlock(room));
        }

        var block = _blocks[_count];
        block.Begin(channel);
        while (channel.Waiting.TryPeek(out var append))
        {
            if (append.IsCompleted)
            {
                // Its caller was cancelled, or waited too long, before it was sent: it never is.
                channel.Waiting.Dequeue();
                _leftFrames += append.Count;
                _leftBytes += append.Bytes;
                append.Release();
                continue;
            }

            var fits = _frames == 0 || (_frames + append.Count <= MaxFrames && _bytes + append.Bytes <= MaxBytes);
            if (!fits || (block.Frames > 0 && (one || !block.Takes(append))))
            {
                break;
            }

            block.Add(channel.Waiting.Dequeue());
            _frames += append.Count;
            _bytes += append.Bytes;
        }

        _count += block.Frames > 0 ? 1 : 0;
        return block.Frames > 0;
    }

    /// <summary>What was never sent since this was asked last: how many frames, and bytes of them.</summary>
    public (long Frames, long Bytes) TakeLeft()
    {
        var left = (_leftFrames, _leftBytes);
        (_leftFrames, _leftBytes) = (0, 0);
        return left;
    }

    /// <summary>Lets go of everybody, who all have their answer.</summary>
    public void Clear(PendingAppend? deferred)
    {
        foreach (var block in Blocks)
        {
            block.Clear(deferred);
        }

        (_count, _frames, _bytes) = (0, 0, 0);
    }
}
