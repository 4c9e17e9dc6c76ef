namespace Shadowcat.Sessions.Chaos.Schedules.Holding;

/// <summary>Where the commands of one caller stop, while it is closed, until the schedule says what becomes of each.</summary>
internal sealed class CommandGate
{
    private readonly Lock _lock = new();
    private readonly Queue<HeldCommand> _held = new();
    private TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isClosed;

    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>The command that comes next.</summary>
    public HeldCommand? Next
    {
        get
        {
            lock (_lock)
            {
                return _held.TryPeek(out var command) ? command : null;
            }
        }
    }

    /// <summary>Whether what comes next only reads, and more is on its way behind it. A connection that breaks there takes both along: the same as if it broke behind the answer to the read.</summary>
    public bool IsReadInFront
    {
        get
        {
            lock (_lock)
            {
                return _held.Count > 1 && _held.Peek().IsRead;
            }
        }
    }

    public void Close() => Volatile.Write(ref _isClosed, true);

    /// <summary>Lets through what comes.</summary>
    public void Open() => Volatile.Write(ref _isClosed, false);

    public void Hold(HeldCommand command)
    {
        lock (_lock)
        {
            _held.Enqueue(command);
            _came.TrySetResult();
        }
    }

    /// <summary>Takes the command that comes next, which there has to be.</summary>
    public HeldCommand Take()
    {
        lock (_lock)
        {
            var command = _held.Dequeue();
            if (_held.Count == 0)
            {
                _came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return command;
        }
    }

    /// <summary>Completes when a command is held.</summary>
    public Task CameAsync()
    {
        lock (_lock)
        {
            return _came.Task;
        }
    }
}
