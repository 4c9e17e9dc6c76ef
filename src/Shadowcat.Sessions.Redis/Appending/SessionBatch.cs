using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The frames of one session in a batch: those of any number of its callers, in their order, stored side by side. Reused.</summary>
internal sealed class SessionBatch(AppendBudget budget)
{
    private readonly List<PendingAppend> _appends = [];
    private Task<long>? _push;
    private RedisTarget? _target;
    private long _bytes;

    /// <summary>Whether all that was sent of it was answered, so that nothing can still refer to the buffers of its frames.</summary>
    private bool _isClean;

    public AppendCursor Cursor { get; private set; } = null!;

    public IReadOnlyList<PendingAppend> Appends => _appends;

    public int Frames { get; private set; }

    /// <summary>Whether the callers still have no answer.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether the frames are stored.</summary>
    public bool IsStored { get; private set; }

    /// <summary>Whether an RPUSHX is under way.</summary>
    public bool IsPushed => _push is not null;

    /// <summary>Whether the push goes behind a look at the session; without, it is known of the moment before that it was there.</summary>
    public bool IsLookedAt { get; set; }

    /// <summary>The generation that the frames are meant for; empty for the one that the id has.</summary>
    public Guid Generation { get; private set; }

    /// <summary>The sequence from which on the frames may be stored although that was not answered; -1 where they are surely not.</summary>
    public long Since { get; private set; }

    /// <summary>What became of a try that was not answered.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>The sequence from which on the frames may be stored where the next try is not answered. A try that names no list, or that of another generation, does nothing.</summary>
    public long SinceOfRepetition => Since >= 0 || !NamesList ? Since : Cursor.Next;

    /// <summary>The generation that the frames are meant for where the next try is not answered.</summary>
    public Guid GenerationOfRepetition => Generation != Guid.Empty || Cursor.List.IsNone ? Generation : Cursor.List.Generation;

    private ulong LastStamp => _appends[^1] is var last ? last[last.Count - 1].Stamp : 0;

    private bool NamesList => !Cursor.List.IsNone && (Generation == Guid.Empty || Generation == Cursor.List.Generation);

    /// <summary>Whether an append may join: neither what may be stored already, nor what is meant for another generation.</summary>
    public bool Takes(PendingAppend append) => Since < 0 && append.Since < 0 && append.Generation == Generation;

    /// <summary>The last of its frames, where the first has a sequence.</summary>
    public FrameMark LastOf(long sequence) => new(sequence + Frames - 1, LastStamp);

    public void Begin(AppendCursor cursor)
    {
        Cursor = cursor;
        (Frames, _bytes, Generation, Since, Fault, IsOpen, IsStored, _push, _isClean) = (0, 0, default, -1, null, true, false, null, true);
    }

    /// <summary>Whether RPUSHX by itself keeps every promise. For frames that may be stored already it does not: the script has to look.</summary>
    public bool CanPush(long now, int disconnects, bool soon = false) =>
        Since < 0 && (Generation == Guid.Empty || Generation == Cursor.List.Generation) && Cursor.CanPush(now, disconnects, soon);

    public void Add(PendingAppend append)
    {
        _appends.Add(append);
        Generation = append.Generation;
        Since = append.Since;
        Frames += append.Count;
        _bytes += append.Bytes;
    }

    /// <summary>Sends RPUSHX: no list, no push.</summary>
    /// <seealso href="https://redis.io/docs/latest/commands/rpushx/"/>
    public void Push(RedisTarget target)
    {
        _target = target;
        target.Begin();
        var database = target.Database;
        try
        {
            _push = Frames == 1
                ? database.ListRightPushAsync(Cursor.ListKey, _appends[0][0].Value, When.Exists)
                : database.ListRightPushAsync(Cursor.ListKey, Values(), When.Exists);
        }
#pragma warning disable CA1031 // Not lost: it is thrown where the answer is awaited.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _push = Task.FromException<long>(exception);
        }
    }

    /// <summary>Completes when the push is answered, or it is certain that it will not be.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AnsweredAsync() => await ((Task)_push!).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Waits for the answer to the push. It comes, or the connection's own timeout does. No caller waits for that: the queue times callers out by itself.</summary>
    /// <param name="look">Whether the sessions of the batch that were looked at were there then.</param>
    /// <returns>The length of the list; 0 where nothing was pushed, there was no session, or nobody knows.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<long> TakeAnswerAsync(SessionLook look)
    {
        var push = _push!;
        _push = null;
        try
        {
            var length = await push.ConfigureAwait(false);
            if (!IsLookedAt || look.AllExist || length == 0)
            {
                return length;
            }

            if (look.Fault is { } fault)
            {
                NoteUnanswered(fault);
            }

            return 0;
        }
#pragma warning disable CA1031 // Not lost: the script finds out what became of the frames, and where it cannot, the callers get this.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _isClean = false;
            if (RedisFaults.MayArriveLate(exception))
            {
                NoteUnanswered(exception);
            }

            return 0;
        }
        finally
        {
            _target!.End();
            _target = null;
        }
    }

    public void WriteFrames(Span<RedisValue> values)
    {
        var at = 0;
        foreach (var append in _appends)
        {
            for (var i = 0; i < append.Count; i++)
            {
                values[at++] = append[i].Value;
            }
        }
    }

    /// <summary>Notes that the push is answered.</summary>
    /// <returns>The sequence of the first frame.</returns>
    public long NotePushed(long length) => Cursor.NotePushed(length, Frames, LastStamp);

    /// <summary>Notes that something was sent that was not answered. It may have been carried out, but only for the generation that the list was known to have.</summary>
    public void NoteUnanswered(Exception exception)
    {
        _isClean = false;
        Cursor.MarkStale();
        if (NamesList)
        {
            (Fault, Since, Generation) = (exception, SinceOfRepetition, GenerationOfRepetition);
        }
    }

    /// <summary>Fails the callers, none of whose frames were sent, because frames are gone that were acknowledged before.</summary>
    public void FailLost(long sequence) => Fail(append => new FramesLostException(
        append.Operation, append.Id, sequence, $"the server has lost or replaced frame {sequence}, which it had acknowledged, and maybe others. Nothing was written; a further append is stored."));

    /// <summary>Completes the callers: their frames are stored.</summary>
    /// <param name="sequence">The sequence of the first frame.</param>
    /// <param name="lone">The only caller of the batch, which gets its answer here and is completed later; null where there are several.</param>
    public void Complete(long sequence, PendingAppend? lone = null)
    {
        IsStored = true;
        Close();
        foreach (var append in _appends)
        {
            if (_isClean)
            {
                append.Settle();
            }

            if (ReferenceEquals(append, lone))
            {
                append.Answer(sequence);
            }
            else
            {
                append.TryComplete(sequence);
            }

            sequence += append.Count;
        }
    }

    /// <summary>Fails the callers: their frames are not, or not surely, stored.</summary>
    /// <returns>How many were not completed before.</returns>
    public int Fail(Func<PendingAppend, SessionStoreException> why)
    {
        Close();
        var failed = 0;
        foreach (var append in _appends)
        {
            if (append.TryClaim())
            {
                append.Fail(why(append));
                failed++;
            }
        }

        return failed;
    }

    /// <summary>Releases the callers, which are completed.</summary>
    /// <param name="lone">The caller that is still to be completed, and is not released here.</param>
    public void Clear(IBatchCaller? lone)
    {
        foreach (var append in _appends)
        {
            if (!ReferenceEquals(append, lone))
            {
                append.Release();
            }
        }

        _appends.Clear();
    }

    /// <summary>Gives the capacity back before the callers are completed, so that they find it.</summary>
    private void Close()
    {
        IsOpen = false;
        budget.Return(Frames, _bytes);
        budget.Admit();
    }

    private RedisValue[] Values()
    {
        var values = new RedisValue[Frames];
        WriteFrames(values);
        return values;
    }
}
