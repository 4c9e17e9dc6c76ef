namespace Shadowcat.Sessions.Sqlite;

/// <inheritdoc cref="PendingWrite"/>
/// <param name="operation">The operation, for errors.</param>
/// <param name="id">The session it is about, where there is one.</param>
/// <param name="bytes">About how many bytes it writes.</param>
/// <param name="write">Checks all it can, writes, and says what the caller gets. It throws a <see cref="SessionStoreException"/> before its first write, or never.</param>
/// <param name="committed">Notifies of what was written, before the caller is completed.</param>
internal sealed class PendingWrite<T>(
    string operation, SessionId? id, long bytes, Func<StoreConnection, DateTimeOffset, T> write, Action<T>? committed) : PendingWrite
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Cancelled = 2;

    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;
    private SessionStoreException? _refusal;
    private T? _result;
    private int _state;

    public Task<T> Task => _completion.Task;

    public override long Bytes => bytes;

    /// <summary>Lets a token cancel it for as long as it waits. What has begun completes soon, and nobody may change its frames before.</summary>
    public void CancelBy(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(static (pending, token) => ((PendingWrite<T>)pending!).Cancel(token), this);
        }
    }

    public override bool TryBegin() => Interlocked.CompareExchange(ref _state, Begun, Waiting) != Cancelled;

    public override void Run(StoreConnection connection, DateTimeOffset now)
    {
        try
        {
            _refusal = null;
            _result = write(connection, now);
        }
        catch (SessionStoreException refusal)
        {
            _refusal = refusal;
        }
    }

    public override void Complete()
    {
        if (_refusal is not null)
        {
            Fail(_refusal);
            return;
        }

        try
        {
            committed?.Invoke(_result!);
        }
#pragma warning disable CA1031 // What a listener throws is its caller's to see: it was written, and nobody else may fail for it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
            return;
        }

        _registration.Unregister();
        _completion.TrySetResult(_result!);
    }

    public override void Fail(Exception exception)
    {
        _registration.Unregister();
        _completion.TrySetException(exception);
    }

    public override void Fail(Exception fault, FileFaults faults, bool isOutcomeUnknown) =>
        Fail(FileFaults.IsFault(fault) ? faults.Translate(fault, operation, id, isOutcomeUnknown) : fault);

    private void Cancel(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting)
        {
            _completion.TrySetCanceled(cancellationToken);
        }
    }
}
