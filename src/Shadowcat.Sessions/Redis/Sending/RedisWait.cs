using System.Threading.Tasks.Sources;

namespace Shadowcat.Sessions;

/// <summary>A command on its way, and the caller who waits for the answer. Reused: waiting allocates nothing.</summary>
/// <remarks>
/// It has two holders, the caller and the command, and goes back to the pool when both let go: a caller whose time is up stops waiting while
/// the command may still be carried out.
/// </remarks>
internal sealed class RedisWait : IValueTaskSource
{
    private readonly RedisSender _sender;
    private readonly Action _onAnswered;
    private ManualResetValueTaskSourceCore<bool> _result;
    private CancellationTokenRegistration _cancellation;
    private RedisCommand? _command;
    private RedisTarget? _target;
    private ExecutionContext? _context;
    private int _holders;
    private int _completed;

    public RedisWait(RedisSender sender)
    {
        _sender = sender;
        _onAnswered = OnAnswered;
    }

    /// <summary>When the caller stops waiting, as a timestamp of the time provider.</summary>
    public long Deadline { get; private set; }

    /// <summary>Who has waited longer, among those who wait. Guarded by the sender's lock, as are the next two.</summary>
    public RedisWait? Older { get; set; }

    public RedisWait? Newer { get; set; }

    /// <summary>Whether it is among those who wait.</summary>
    public bool IsListed { get; set; }

    /// <summary>Begins to wait. Under the sender's lock, as whoever ends those who wait too long looks at them there.</summary>
    /// <param name="command">The command.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="context">The caller's execution context, where another thread sends the command.</param>
    /// <param name="deadline">When the caller stops waiting.</param>
    public void Begin(RedisCommand command, RedisTarget target, ExecutionContext? context, long deadline)
    {
        _command = command;
        _target = target;
        _context = context;
        Deadline = deadline;
        _holders = 2;
        Volatile.Write(ref _completed, 0);
    }

    /// <summary>The task of the caller, who has to await it once.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        var task = new ValueTask(this, _result.Version);
        if (cancellationToken.CanBeCanceled)
        {
            // Not sent yet, it never is; on its way, it may be carried out.
            _cancellation = cancellationToken.UnsafeRegister(
                static (wait, token) => ((RedisWait)wait!).TryGiveUp(new OperationCanceledException(token)), this);
        }

        return task;
    }

    /// <summary>Sends the command, as its caller would have: whoever traces commands sees whose it is.</summary>
    /// <param name="own">The execution context of the thread that sends.</param>
    public void Send(ExecutionContext? own)
    {
        if (Volatile.Read(ref _completed) != 0)
        {
            _sender.Remove(this);
            Release();
        }
        else if (_context is null || ReferenceEquals(_context, own))
        {
            Send();
        }
        else
        {
            ExecutionContext.Run(_context, static wait => ((RedisWait)wait!).Send(), this);
        }
    }

    /// <summary>Decides that the waiting ends now, unless that was decided already. Whoever gets true ends it, once.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _completed, 1) == 0;

    /// <summary>Ends the waiting, which was claimed, with an exception.</summary>
    public void GiveUp(Exception exception)
    {
        _result.RunContinuationsAsynchronously = true; // whoever ends it has others to look after
        _result.SetException(exception);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _result.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    public void GetResult(short token)
    {
        // A second await of the same task finds another version here and throws, before anything is let go.
        _ = _result.GetStatus(token);
        try
        {
            _result.GetResult(token);
        }
        finally
        {
            _cancellation.Dispose();
            _cancellation = default;
            Release();
        }
    }

    private void Send()
    {
        Task answer;
        try
        {
            answer = _command!.SendAsync(_target!.Database, _target.Layout);
        }
#pragma warning disable CA1031 // It is handed to the caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _sender.Remove(this);
            TryGiveUp(exception);
            Release();
            return;
        }

        answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onAnswered);
    }

    private void OnAnswered()
    {
        _sender.Remove(this);
        if (TryClaim())
        {
            _result.RunContinuationsAsynchronously = false;
            _result.SetResult(true);
        }
        else
        {
            _command!.Forget();
        }

        Release();
    }

    private void TryGiveUp(Exception exception)
    {
        if (TryClaim())
        {
            GiveUp(exception);
        }
    }

    /// <summary>One of the two holders lets go.</summary>
    private void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _command = null;
            _target = null;
            _context = null;
            _result.Reset();
            _sender.GiveBack(this);
        }
    }
}
