namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>A session as it has to be after some operations. Immutable; equal where everything that follows has to be equal.</summary>
internal sealed record ModelState
{
    /// <summary>Before the first create, with a snapshot of the same.</summary>
    public static ModelState Absent { get; } = new();

    /// <summary>Which life; 0 where there is none.</summary>
    public int Generation { get; init; }

    public long Version { get; init; }

    public int Value { get; init; }

    /// <summary>The sequence of the first frame of the life.</summary>
    public long Begin { get; init; }

    /// <summary>The sequence of the oldest frame kept.</summary>
    public long First { get; init; }

    /// <summary>Every frame of the life, also those that were trimmed.</summary>
    public FrameLog Log { get; init; } = FrameLog.Empty;

    public TimeSpan TimeToLive { get; init; }

    /// <summary>The first moment at which it may end by itself.</summary>
    public TimeSpan MayEnd { get; init; } = TimeSpan.MaxValue;

    /// <summary>The last moment at which it may live.</summary>
    public TimeSpan MustEnd { get; init; } = TimeSpan.MaxValue;

    /// <summary>The same by its greatest lifetime, which no activity moves.</summary>
    public TimeSpan MayEndAnyway { get; init; } = TimeSpan.MaxValue;

    public TimeSpan MustEndAnyway { get; init; } = TimeSpan.MaxValue;

    /// <summary>A moment that has passed, for something ended by itself.</summary>
    public TimeSpan NotBefore { get; init; }

    /// <summary>The lives that were deleted, a bit each.</summary>
    public ulong Deleted { get; init; }

    /// <summary>The greatest sequence of the life that the server may have given and lost, and one more: up to there the store may leave places empty.</summary>
    public long Reached { get; init; }

    /// <summary>What the newest snapshot has; null for the absent session.</summary>
    public ModelState? Saved { get; init; }

    public bool IsLive => Generation != 0;

    public long End => Begin + Log.Count;

    public long Kept => End - First;

    public TimeSpan MayEndAt => MayEnd < MayEndAnyway ? MayEnd : MayEndAnyway;

    public TimeSpan MustEndAt => MustEnd < MustEndAnyway ? MustEnd : MustEndAnyway;

    public SessionView View => new(Generation, Version, Value, First, End);

    /// <summary>The same without its session.</summary>
    public ModelState Ended() => new() { Deleted = Deleted, Saved = Saved, NotBefore = NotBefore };

    /// <summary>The same with markers in the place of frames that the server lost, up to a sequence.</summary>
    public ModelState Filled(long end) => this with { Log = Log.Append(new int[end - End]) };

    /// <summary>The newest snapshot, which the server came back with.</summary>
    public ModelState Restored()
    {
        var restored = Saved ?? Absent;
        return restored with { Saved = Saved, NotBefore = NotBefore, Reached = IsLive && restored.Generation == Generation ? Math.Max(End, Reached) : restored.Reached };
    }

    public override string ToString() => IsLive
        ? $"life {Generation}, version {Version}, value {Value}, frames {First}..{End - 1}: {string.Join(' ', Enumerable.Range(0, Log.Count).Skip((int)(First - Begin)).Select(place => $"{Begin + place}:f{Log[place]}"))}"
        : "no session";
}
