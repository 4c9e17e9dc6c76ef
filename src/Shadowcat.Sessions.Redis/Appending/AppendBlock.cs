using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The frames of one session in a flight: those of any number of its callers, in their order, stored side by side. Reused.</summary>
internal sealed class AppendBlock(AppendRoom room)
{
    private readonly List<PendingAppend> _appends = [];
    private Task<long>? _push;
    private RedisTarget? _target;

    public SessionChannel Channel { get; private set; } = null!;

    public IReadOnlyList<PendingAppend> Appends => _appends;

    public int Frames { get; private set; }

    private long _bytes;

    /// <summary>Whether the callers still have no answer.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether the frames are stored.</summary>
    public bool IsStored { get; private set; }

    /// <summary>Whether an RPUSHX is under way.</summary>
    public bool IsPushed => _push is not null;

    /// <summary>The session that the frames are meant for; empty for whichever has the id.</summary>
    public Guid Generation { get; private set; }

    /// <summary>From which sequence on the frames may stand although that was not answered; -1 where they surely do not.</summary>
    public long Since { get; private set; }

    /// <summary>What became of a try that was not answered.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Whether an append may go along: not with what may be stored already, nor with what is meant for another session.</summary>
    public bool Takes(PendingAppend append) => Since < 0 && append.Since < 0 && append.Generation == Generation;

    /// <summary>The last of its frames, where the first has a sequence.</summary>
    public FrameMark LastOf(long sequence) => new(sequence + Frames - 1, LastStamp);

    private ulong LastStamp => _appends[^1] is var last ? last[last.Count - 1].Stamp : 0;

    /// <summary>Whether all that was sent of it was answered, so that nothing can still refer to the buffers of its frames.</summary>
    private bool _isClean;

    public void Begin(SessionChannel channel)
    {
        Channel = channel;
        (Frames, _bytes, Generation, Since, Fault, IsOpen, IsStored, _push, _isClean) = (0, 0, default, -1, null, true, false, null, true);
    }

    /// <summary>Whether RPUSHX by itself keeps every promise. For frames that may stand already it does not: the script has to look.</summary>
    public bool CanPush(long now, int breaks, bool soon = false) =>
        Since < 0 && (Generation == Guid.Empty || Generation == Channel.List.Generation) && Channel.CanPush(now, breaks, soon);

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
                ? database.ListRightPushAsync(Channel.ListKey, _appends[0][0].Value, When.Exists)
                : database.ListRightPushAsync(Channel.ListKey, Values(), When.Exists);
        }
#pragma warning disable CA1031 // Not lost: it comes to light where the answer is waited for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _push = Task.FromException<long>(exception);
        }
    }

    /// <summary>Completes when the push is answered, or it is certain that it will not be.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AnsweredAsync() => await ((Task)_push!).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Waits for the answer to the push. It comes, or the connection's own timeout does; no caller waits for that, as the queue tells those whose time is up.</summary>
    /// <returns>The length of the list; 0 where nothing was pushed, or nobody knows.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<long> TakeAnswerAsync()
    {
        var push = _push!;
        _push = null;
        try
        {
            return await push.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Not lost: the script finds out what became of the frames, and where it cannot, the callers are told this.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _isClean = false;
            if (RedisFaults.MayArriveLate(exception))
            {
                Unanswered(exception);
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
    public long Pushed(long length) => Channel.Pushed(length, Frames, LastStamp);

    /// <summary>From which sequence on the frames may stand where the next try is not answered. One that names no list, or that of another session than is meant, does nothing.</summary>
    public long SinceOfRepetition => Since >= 0 || !NamesList ? Since : Channel.Next;

    /// <summary>The session that the frames are meant for where the next try is not answered.</summary>
    public Guid GenerationOfRepetition => Generation != Guid.Empty || Channel.List.IsNone ? Generation : Channel.List.Generation;

    private bool NamesList => !Channel.List.IsNone && (Generation == Guid.Empty || Generation == Channel.List.Generation);

    /// <summary>Notes that something was sent that was not answered: it may have been carried out, for the session that the list was known to be of, and for no other.</summary>
    public void Unanswered(Exception exception)
    {
        _isClean = false;
        Channel.Forget();
        if (NamesList)
        {
            (Fault, Since, Generation) = (exception, SinceOfRepetition, GenerationOfRepetition);
        }
    }

    /// <summary>Tells the callers, of whom nothing was sent, that frames are gone which were acknowledged before.</summary>
    public void FailLost(long sequence)
    {
        Fail(append => new FramesLostException(append.Operation, append.Id, sequence, $"frame {sequence}, which the server had acknowledged, is gone or another one now, and maybe others with it. Nothing was written; a further append is stored."));
    }

    /// <summary>Tells the callers that their frames are stored.</summary>
    /// <param name="sequence">The sequence of the first frame.</param>
    /// <param name="deferred">The one to tell later, where there is one: it is left out here.</param>
    public void Complete(long sequence, PendingAppend? deferred = null)
    {
        IsStored = true;
        Close();
        foreach (var append in _appends)
        {
            if (_isClean)
            {
                append.Settle();
            }

            if (!ReferenceEquals(append, deferred))
            {
                append.TryComplete(sequence);
            }

            sequence += append.Count;
        }
    }

    /// <summary>Tells the callers that their frames are not, or not surely, stored.</summary>
    /// <returns>How many had not heard anything else before.</returns>
    public int Fail(Func<PendingAppend, SessionStoreException> why)
    {
        Close();
        var told = 0;
        foreach (var append in _appends)
        {
            if (append.TryClaim())
            {
                append.Fail(why(append));
                told++;
            }
        }

        return told;
    }

    /// <summary>Lets go of the callers, who all have their answer.</summary>
    public void Clear(PendingAppend? deferred)
    {
        foreach (var append in _appends)
        {
            if (!ReferenceEquals(append, deferred))
            {
                append.Release();
            }
        }

        _appends.Clear();
    }

    /// <summary>The callers get their answer now. A caller that has its answer finds the room that its frames took.</summary>
    private void Close()
    {
        IsOpen = false;
        room.Give(Frames, _bytes);
    }

    private RedisValue[] Values()
    {
        var values = new RedisValue[Frames];
        WriteFrames(values);
        return values;
    }
}
