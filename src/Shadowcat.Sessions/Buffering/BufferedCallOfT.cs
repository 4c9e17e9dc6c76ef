namespace Shadowcat.Sessions;

/// <summary>A call with an answer for its caller.</summary>
internal abstract class BufferedCall<T>(string operation, SessionId id, bool isAccepted) : BufferedCall(operation, id, isAccepted)
{
    private readonly TaskCompletionSource<T> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Stored => _stored.Task;

    public void Complete(T result) => _stored.TrySetResult(result);

    public override void Fail(Exception exception)
    {
        _stored.TrySetException(exception);
        _ = _stored.Task.Exception; // nobody has to look at it
    }
}
