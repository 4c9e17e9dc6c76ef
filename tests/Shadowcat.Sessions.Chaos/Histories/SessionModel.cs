namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>What the promises of <see cref="ISessionStore"/> say of one session when one operation follows the other.</summary>
/// <param name="time">The server's clock, which lifetimes count by.</param>
/// <param name="maxFrames">How many frames a session keeps; null for no such bound.</param>
/// <param name="refuses">Whether a full session refuses frames; else the oldest are trimmed.</param>
internal sealed class SessionModel(ServerTime time, int? maxFrames = null, bool refuses = false)
{
    /// <summary>How far our clock and the server's may be apart beside what was moved, and how long a look at it may take.</summary>
    private static readonly TimeSpan Accuracy = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(100);

    /// <summary>What the session may be after an operation; nothing where the answer cannot have been given here.</summary>
    public IEnumerable<ModelState> Step(ModelState state, HistoryOperation operation)
    {
        if (operation.Latest < state.NotBefore)
        {
            yield break;
        }

        if (operation.Begun <= state.MustEndAt && Apply(state, operation) is { } next)
        {
            yield return next;
        }

        // Or the store has left the places of lost frames empty before.
        if (operation.Begun <= state.MustEndAt && EndSeen(state, operation) is { } end && end > state.End && end <= state.Reached
            && Apply(state.Filled(end), operation) is { } filled)
        {
            yield return filled;
        }

        // Or it has ended by itself just before.
        if (state.IsLive && state.MayEndAt < TimeSpan.MaxValue && state.MayEndAt <= operation.Latest
            && Apply(state.Ended() with { NotBefore = Max(state.NotBefore, state.MayEndAt) }, operation) is { } ended)
        {
            yield return ended;
        }
    }

    private ModelState? Apply(ModelState state, HistoryOperation operation) => operation.Call switch
    {
        HistoryCall.Create => Create(state, operation),
        HistoryCall.Update => Update(state, operation),
        HistoryCall.Delete => Delete(state, operation),
        HistoryCall.Append => Append(state, operation),
        HistoryCall.DeleteFrames => DeleteFrames(state, operation),
        HistoryCall.Save => state with { Saved = state with { Saved = null, NotBefore = TimeSpan.Zero } },
        HistoryCall.Restore => state.Restored(),
        HistoryCall.Touch => !state.IsLive ? IfAbsent(state, operation)
            : Is(operation, HistoryReply.Done) ? Active(state, operation) : null,
        _ => !state.IsLive ? IfAbsent(state, operation)
            : IsSeen(state, operation) ? state : null,
    };

    /// <summary>The sequence of the next frame as an answer says it; null where it says nothing of that.</summary>
    private static long? EndSeen(ModelState state, HistoryOperation operation) => (operation.Call, operation.Reply) switch
    {
        (HistoryCall.Append, HistoryReply.Done) => operation.Number,
        (HistoryCall.Read, HistoryReply.Done) when operation.Frames.Length > 0 => operation.Number + operation.Frames.Length,
        (HistoryCall.Count, HistoryReply.Done) => state.First + operation.Number,
        _ => operation.Seen?.End,
    };

    /// <summary>Whether an operation was answered so, or is of unknown outcome and may have been.</summary>
    private static bool Is(HistoryOperation operation, HistoryReply reply) => operation.Reply == reply || !operation.IsAnswered;

    private static ModelState? IfAbsent(ModelState state, HistoryOperation operation) => Is(operation, HistoryReply.Absent) ? state : null;

    private ModelState? Create(ModelState state, HistoryOperation operation)
    {
        var wasDeleted = (state.Deleted & (1UL << operation.Generation)) != 0;
        if (state.IsLive)
        {
            var isSame = state.Generation == operation.Generation;
            return Is(operation, isSame ? HistoryReply.Done : HistoryReply.Exists) || (wasDeleted && operation.Reply == HistoryReply.Absent) ? state : null;
        }

        if (wasDeleted)
        {
            return IfAbsent(state, operation);
        }

        if (!Is(operation, HistoryReply.Done) || (operation.Seen is { } seen && seen.Generation != operation.Generation))
        {
            return null;
        }

        var created = new ModelState
        {
            Generation = operation.Generation,
            Version = 1,
            Begin = operation.From,
            First = operation.From,
            TimeToLive = operation.TimeToLive ?? TimeSpan.Zero,
            NotBefore = state.NotBefore,
            Deleted = state.Deleted,
            Saved = state.Saved,
        };
        if (operation.MaxLifetime is { } most)
        {
            created = created with { MayEndAnyway = MayEnd(created, operation, most), MustEndAnyway = MustEnd(operation, most) };
        }

        return Active(created, operation);
    }

    private static ModelState? Update(ModelState state, HistoryOperation operation)
    {
        if (!state.IsLive)
        {
            return IfAbsent(state, operation);
        }

        if (state.Generation != operation.Generation || state.Version != operation.Version)
        {
            return !operation.IsAnswered || (operation.Reply == HistoryReply.Conflict && operation.Seen == state.View) ? state : null;
        }

        if (operation.Reply == HistoryReply.Conflict && operation.Seen == state.View && state.Saved is not null)
        {
            // The conflict was found and the session read at two moments: a server that came back from a snapshot may have counted up to that version again in between.
            return state;
        }

        // What came with the answer may be newer than the update, where the answer to the first try was lost.
        return Is(operation, HistoryReply.Done)
            && (operation.Seen is not { } seen || (seen.Generation == state.Generation
                && (seen.Version > state.Version + 1 || (seen.Version == state.Version + 1 && seen.Value == operation.Value))))
            ? state with { Version = state.Version + 1, Value = operation.Value } : null;
    }

    private static ModelState? Delete(ModelState state, HistoryOperation operation) =>
        !state.IsLive ? IfAbsent(state, operation)
        : Is(operation, HistoryReply.Done) ? state.Ended() with { Deleted = state.Deleted | (1UL << state.Generation) }
        : null;

    private ModelState? Append(ModelState state, HistoryOperation operation)
    {
        if (!state.IsLive)
        {
            return IfAbsent(state, operation);
        }

        if (operation.Generation != 0 && state.Generation > operation.Generation)
        {
            // It was accepted for an earlier life: nothing of it may get into this one, and that the earlier one has ended is a right answer.
            return !operation.IsAnswered || operation.Reply == HistoryReply.Absent ? state : null;
        }

        if (operation is { Turn: > 0, Generation: 0, Reply: HistoryReply.Absent } && (operation.Known > 0 ? state.Generation != operation.Known : state.Generation > 1 || state.Deleted != 0))
        {
            // A buffer takes frames in for the life that its process knew last: it may be an earlier one, which has ended. Lives are numbered as they are begun, and may be created in another order.
            return state;
        }

        if (refuses && state.Kept + operation.Frames.Length > maxFrames)
        {
            return Is(operation, HistoryReply.Full) ? state : null;
        }

        if (!Is(operation, HistoryReply.Done) || (operation.Reply == HistoryReply.Done && operation.Number != state.End))
        {
            return null;
        }

        var appended = state with { Log = state.Log.Append(operation.Frames) };
        return Active(appended with { First = Math.Max(appended.First, maxFrames is { } most ? appended.End - most : 0) }, operation);
    }

    private static ModelState? DeleteFrames(ModelState state, HistoryOperation operation)
    {
        if (!state.IsLive)
        {
            return IfAbsent(state, operation);
        }

        var first = operation.From < 0 ? state.End : Math.Clamp(operation.From, state.First, state.End);
        return Is(operation, HistoryReply.Done) && (!operation.IsAnswered || operation.Number == first - state.First)
            ? first == state.First ? state : state with { First = first } : null;
    }

    /// <summary>Whether a reading can have been answered so.</summary>
    private static bool IsSeen(ModelState state, HistoryOperation operation) => (operation.Call, operation.Reply) switch
    {
        (HistoryCall.Get, HistoryReply.Done) => operation.Seen == state.View,
        (HistoryCall.Count, HistoryReply.Done) => operation.Number == state.Kept,
        (HistoryCall.Follow, HistoryReply.Done) => state.Log.HasAt(operation.Number - state.Begin, operation.Frames),
        (HistoryCall.Read, HistoryReply.Trimmed) => operation.Number == state.First && operation.From < state.First,
        (HistoryCall.ReadFirst, _) => state.Log.HasAt(operation.Number - state.Begin, operation.Frames)
            && (operation.Last >= 0 || operation.From > 0 ? operation.Number >= state.First : operation.Number == state.First),
        (HistoryCall.Read, HistoryReply.Done) => IsRead(state, operation),
        _ => false,
    };

    /// <summary>Whether frames can have been read so: the reading came to the end here. What it read before that may be trimmed by now.</summary>
    private static bool IsRead(ModelState state, HistoryOperation operation)
    {
        if (operation.Frames.Length == 0)
        {
            return state.Kept == 0 || operation.From >= state.End || operation.Last == 0;
        }

        return operation.Number + operation.Frames.Length == state.End
            && (operation.Last >= 0
                ? operation.Frames.Length <= operation.Last && operation.Number <= Math.Max(state.First, state.End - operation.Last)
                : operation.From > 0 ? operation.Number == operation.From : operation.Number <= state.First)
            && state.Log.HasAt(operation.Number - state.Begin, operation.Frames);
    }

    private ModelState Active(ModelState state, HistoryOperation operation) => state.TimeToLive == TimeSpan.Zero ? state : state with
    {
        MayEnd = MayEnd(state, operation, state.TimeToLive),
        MustEnd = MustEnd(operation, state.TimeToLive + state.TimeToLive / 64),
    };

    /// <summary>The first moment at which the server's clock may have shown that a lifetime was over which this operation began.</summary>
    private TimeSpan MayEnd(ModelState state, HistoryOperation operation, TimeSpan lifetime)
    {
        var begun = Max(state.NotBefore, operation.Begun);
        return time.FirstAt(begun, time.Earliest(begun, operation.Latest) + lifetime - Accuracy) ?? TimeSpan.MaxValue;
    }

    private TimeSpan MustEnd(HistoryOperation operation, TimeSpan lifetime) =>
        operation.Latest == TimeSpan.MaxValue || time.HasMovedBefore(operation.Latest + lifetime + Lateness) ? TimeSpan.MaxValue : operation.Latest + lifetime + Lateness;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
