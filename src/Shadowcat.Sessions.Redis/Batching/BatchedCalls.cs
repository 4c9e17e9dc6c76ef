namespace Shadowcat.Sessions.Redis;

/// <summary>Calls that callers make one by one, and that one script carries out together.</summary>
internal sealed class BatchedCalls<TCall, TAnswer> : BatchQueue<BatchedCallWorker<TCall, TAnswer>>
{
    private const int WorkerCount = 2;
    private const int MinShare = 8;

    private readonly Queue<BatchedCall<TCall, TAnswer>> _waiting = new();

    /// <param name="most">How many calls one script takes at most.</param>
    /// <param name="send">Sends a script for some calls, and answers for each in their order.</param>
    public BatchedCalls(int most, Func<TCall[], Task<TAnswer[]>> send)
        : base(MinShare) =>
        Workers = [.. Enumerable.Range(0, WorkerCount).Select(_ => new BatchedCallWorker<TCall, TAnswer>(_waiting, most, send))];

    protected override int WaitingCount => _waiting.Count;

    /// <summary>Makes a call.</summary>
    public Task<TAnswer> RunAsync(TCall call)
    {
        var batched = new BatchedCall<TCall, TAnswer>(call);
        BatchedCallWorker<TCall, TAnswer>? idle;
        lock (Gate)
        {
            _waiting.Enqueue(batched);
            idle = TakeIdle();
        }

        if (idle is not null)
        {
            Start(idle);
        }

        return batched.Task;
    }
}
