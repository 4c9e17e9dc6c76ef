namespace Shadowcat.Sessions;

/// <summary>What is in the buffer, within its bounds, and what became of the rest. Guarded by the buffer's lock.</summary>
internal sealed class BufferedCalls(BufferedSessionStoreOptions options, SessionMetrics metrics)
{
    private long _frames;
    private TaskCompletionSource? _empty;

    /// <summary>Can be looked at outside of the lock, too.</summary>
    public long Frames => Volatile.Read(ref _frames);

    public long Sessions { get; private set; }

    public long Bytes { get; private set; }

    public long Replayed { get; private set; }

    public long Refused { get; private set; }

    public long Lost { get; private set; }

    /// <summary>How many calls there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether what came last was refused.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>Whether the last call was refused, and what filled the buffer is still there.</summary>
    public bool IsFull => WasRefused && Count > 0;

    /// <summary>Completes as soon as there are none.</summary>
    public Task WhenEmpty() => Count == 0
        ? Task.CompletedTask
        : (_empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Takes a call in.</summary>
    /// <returns>The option whose bound it exceeds; null where it was taken in.</returns>
    public string? TryEnter(BufferedCall call)
    {
        var size = call.Frames + call.Sessions;
        var full = Frames + Sessions == 0 ? null
            : Frames + Sessions + size > options.MaxBufferedFrames ? nameof(options.MaxBufferedFrames)
            : Bytes + call.Bytes > options.MaxBufferedBytes ? nameof(options.MaxBufferedBytes)
            : null;
        WasRefused = full is not null;
        if (full is not null)
        {
            Refused += call.Frames;
            metrics.RefusedFrames.Add(call.Frames, metrics.StoreTags);
            return full;
        }

        Move(call, 1);
        return null;
    }

    /// <summary>Takes in a call that does not count.</summary>
    public void Enter(BufferedBarrier barrier) => Move(barrier, 1);

    /// <summary>Lets a call go that was stored.</summary>
    public void Store(BufferedCall call, bool isReplay)
    {
        Move(call, -1);
        if (isReplay)
        {
            Replayed += call.Frames;
            metrics.ReplayedFrames.Add(call.Frames, metrics.StoreTags);
        }
    }

    /// <summary>Lets a call go that never will be stored.</summary>
    public void GiveUp(BufferedCall call)
    {
        Move(call, -1);
        if (call.IsAccepted)
        {
            Lost += call.Frames;
            metrics.LostFrames.Add(call.Frames, metrics.StoreTags);
        }
    }

    private void Move(BufferedCall call, int sign)
    {
        Count += sign;
        Volatile.Write(ref _frames, _frames + (sign * call.Frames));
        Sessions += sign * call.Sessions;
        Bytes += sign * call.Bytes;
        if (Count == 0)
        {
            _empty?.TrySetResult();
            _empty = null;
        }
    }
}
