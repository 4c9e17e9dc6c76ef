using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>The sessions of one partition that callers read one by one. While calls of the script are under way, readers wait; the next call takes all of them along.</summary>
/// <remarks>
/// <para>As with appends two calls may be under way, so that the server has one to work on while the other travels. An idle queue sends at once: a lone
/// reader waits for nobody. Otherwise a call is filled behind what the thread pool has to do already: among that are those who have just had their answer.</para>
/// <para>A call leaves the other its share, for the same reason as a flight of appends.</para>
/// <para>The lock is held for bookkeeping only, never while something is sent or a caller is told.</para>
/// </remarks>
internal sealed class SessionReads(IDatabase database, RedisPartition partition)
{
    private const int Lanes = 2;

    /// <summary>So few sessions are not worth another call.</summary>
    private const int MinShare = 8;

    private readonly Lock _lock = new();
    private readonly Queue<PendingRead> _waiting = new();
    private int _busy;
    private int _underWay;

    /// <summary>Reads a session.</summary>
    public Task<SessionAnswer> ReadAsync(SessionId id)
    {
        var read = new PendingRead(id);
        int busy;
        lock (_lock)
        {
            _waiting.Enqueue(read);
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

        return read.Task;
    }

    private void RunElsewhere() => ThreadPool.UnsafeQueueUserWorkItem(static reads => _ = reads.RunAsync(), this, preferLocal: false);

    private async Task RunAsync()
    {
        var next = Take();
        while (next.Length > 0)
        {
            var reads = next;
            var (answers, fault) = await AskAsync(reads).ConfigureAwait(false);
            Land(reads.Length);
            if (reads.Length == 1)
            {
                // A lone reader is told last: where there is nothing more to do, it goes on right here, and no time goes by to change threads.
                next = Take();
                reads[0].Tell(answers[0], fault, here: next.Length == 0);
                continue;
            }

            for (var i = 0; i < reads.Length; i++)
            {
                reads[i].Tell(answers[i], fault, here: false);
            }

            await default(BehindOthers);
            next = Take();
        }
    }

    /// <summary>Takes those along who wait, and leaves the other lane its share; where nobody waits, the lane is free again.</summary>
    private PendingRead[] Take()
    {
        PendingRead[] reads;
        bool startsOther;
        lock (_lock)
        {
            var share = Math.Max(MinShare, (_waiting.Count + _underWay + Lanes - 1) / Lanes);
            reads = new PendingRead[Math.Min(_waiting.Count, Math.Min(share, ReadSessions.MaxTogether))];
            for (var i = 0; i < reads.Length; i++)
            {
                reads[i] = _waiting.Dequeue();
            }

            _underWay += reads.Length;
            startsOther = _waiting.Count > 0 && _busy < Lanes;
            _busy += startsOther ? 1 : reads.Length == 0 ? -1 : 0;
        }

        if (startsOther)
        {
            RunElsewhere();
        }

        return reads;
    }

    /// <summary>Those whose call is answered are not under way any more: before long they wait again.</summary>
    private void Land(int reads)
    {
        lock (_lock)
        {
            _underWay -= reads;
        }
    }

    private async ValueTask<(SessionAnswer[] Answers, Exception? Fault)> AskAsync(PendingRead[] reads)
    {
        try
        {
            return (await ReadSessions.AskAsync(database, partition, Operations.GetSession, Array.ConvertAll(reads, static read => read.Id)).ConfigureAwait(false), null);
        }
#pragma warning disable CA1031 // Not lost: it is handed to each who waits.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return (new SessionAnswer[reads.Length], exception);
        }
    }
}
