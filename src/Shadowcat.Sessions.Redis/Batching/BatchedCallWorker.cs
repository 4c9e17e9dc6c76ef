namespace Shadowcat.Sessions.Redis;

/// <summary>Sends batches of calls by one script each.</summary>
/// <param name="waiting">The calls that wait, guarded by the queue's lock.</param>
/// <param name="most">How many calls one script takes at most.</param>
/// <param name="send">Sends a script for some calls, and answers for each in their order.</param>
internal sealed class BatchedCallWorker<TCall, TAnswer>(Queue<BatchedCall<TCall, TAnswer>> waiting, int most, Func<TCall[], Task<TAnswer[]>> send) : IBatchWorker
{
    private BatchedCall<TCall, TAnswer>[] _calls = [];
    private int _count;

    public bool IsBusy { get; set; }

    public int Count => Volatile.Read(ref _count);

    public bool IsShared => _calls.Length > 1;

    public void Clear(IBatchCaller? lone) => _calls = [];

    public bool TryFill(int share)
    {
        _count = Math.Min(waiting.Count, Math.Min(share, most));
        if (_count == 0)
        {
            return false;
        }

        _calls = new BatchedCall<TCall, TAnswer>[_count];
        for (var i = 0; i < _calls.Length; i++)
        {
            _calls[i] = waiting.Dequeue();
        }

        return true;
    }

    public async ValueTask<IBatchCaller?> SendAsync()
    {
        var calls = _calls;
        TAnswer[] answers;
        Exception? fault = null;
        try
        {
            answers = await send(Array.ConvertAll(calls, static call => call.Call)).ConfigureAwait(false);
            if (answers.Length != calls.Length)
            {
                throw new FormatException("The reply of a script has another number of answers than there were calls.");
            }
        }
#pragma warning disable CA1031 // Not lost: it is handed to each caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            (answers, fault) = (new TAnswer[calls.Length], exception);
        }

        // Callers that have an answer count no more for the other worker's share: before long they wait again.
        Volatile.Write(ref _count, 0);
        for (var i = 0; i < calls.Length; i++)
        {
            calls[i].Answer(answers[i], fault);
            if (calls.Length > 1)
            {
                calls[i].Complete(here: false);
            }
        }

        return calls.Length == 1 ? calls[0] : null;
    }
}
