namespace Shadowcat.Sessions.Redis;

/// <summary>Calls that callers make one by one, and that one script carries out together. While scripts are under way, calls wait; the next script takes all of them along.</summary>
/// <remarks>
/// <para>As with appends two scripts may be under way, so that the server has one to work on while the other travels. An idle queue sends at once: a lone
/// caller waits for nobody. Otherwise a script is filled behind what the thread pool has to do already: among that are those who have just had their answer.</para>
/// <para>A script leaves the other its share, for the same reason as a flight of appends.</para>
/// <para>The lock is held for bookkeeping only, never while something is sent or a caller is told.</para>
/// </remarks>
/// <param name="most">How many calls one script takes at most.</param>
/// <param name="ask">Sends a script for some calls, and answers for each in their order.</param>
internal sealed class SharedCalls<TCall, TAnswer>(int most, Func<TCall[], Task<TAnswer[]>> ask)
{
    private const int Lanes = 2;

    /// <summary>So few calls are not worth another script.</summary>
    private const int MinShare = 8;

    private readonly Lock _lock = new();
    private readonly Queue<SharedCall<TCall, TAnswer>> _waiting = new();
    private int _busy;
    private int _underWay;

    /// <summary>Makes a call.</summary>
    public Task<TAnswer> RunAsync(TCall call)
    {
        var shared = new SharedCall<TCall, TAnswer>(call);
        int busy;
        lock (_lock)
        {
            _waiting.Enqueue(shared);
            busy = _busy;
            _busy = Math.Min(_busy + 1, Lanes);
        }

        if (busy == 0)
        {
            _ = RunAsync();
        }
        else if (busy < Lanes)
        {
            RunElsewhere();
        }

        return shared.Task;
    }

    private void RunElsewhere() => ThreadPool.UnsafeQueueUserWorkItem(static calls => _ = calls.RunAsync(), this, preferLocal: false);

    private async Task RunAsync()
    {
        var next = Take();
        while (next.Length > 0)
        {
            var calls = next;
            var (answers, fault) = await AskAsync(calls).ConfigureAwait(false);
            Land(calls.Length);
            if (calls.Length == 1)
            {
                // A lone caller is told last: where there is nothing more to do, it goes on right here, and no time goes by to change threads.
                next = Take();
                calls[0].Tell(answers[0], fault, here: next.Length == 0);
                continue;
            }

            for (var i = 0; i < calls.Length; i++)
            {
                calls[i].Tell(answers[i], fault, here: false);
            }

            await default(BehindOthers);
            next = Take();
        }
    }

    /// <summary>Takes those along who wait, and leaves the other lane its share; where nobody waits, the lane is free again.</summary>
    private SharedCall<TCall, TAnswer>[] Take()
    {
        SharedCall<TCall, TAnswer>[] calls;
        bool startsOther;
        lock (_lock)
        {
            var share = Math.Max(MinShare, (_waiting.Count + _underWay + Lanes - 1) / Lanes);
            calls = new SharedCall<TCall, TAnswer>[Math.Min(_waiting.Count, Math.Min(share, most))];
            for (var i = 0; i < calls.Length; i++)
            {
                calls[i] = _waiting.Dequeue();
            }

            _underWay += calls.Length;
            startsOther = _waiting.Count > 0 && _busy < Lanes;
            _busy += startsOther ? 1 : calls.Length == 0 ? -1 : 0;
        }

        if (startsOther)
        {
            RunElsewhere();
        }

        return calls;
    }

    /// <summary>Those that are answered are not under way any more: before long they wait again.</summary>
    private void Land(int calls)
    {
        lock (_lock)
        {
            _underWay -= calls;
        }
    }

    private async ValueTask<(TAnswer[] Answers, Exception? Fault)> AskAsync(SharedCall<TCall, TAnswer>[] calls)
    {
        try
        {
            var answers = await ask(Array.ConvertAll(calls, static call => call.Call)).ConfigureAwait(false);
            return answers.Length == calls.Length
                ? (answers, null)
                : throw new FormatException("The script's reply is not what it should be.");
        }
#pragma warning disable CA1031 // Not lost: it is handed to each who waits.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return (new TAnswer[calls.Length], exception);
        }
    }
}
