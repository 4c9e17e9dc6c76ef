namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>One call of one client: what it asked for, when, and what it was answered.</summary>
internal sealed record HistoryOperation
{
    /// <summary>Which client made it.</summary>
    public int Client { get; init; }

    /// <summary>By which store, as which process.</summary>
    public string Store { get; init; } = "";

    public required HistoryCall Call { get; init; }

    public required TimeSpan Begun { get; init; }

    /// <summary>When the answer came; of no meaning where none did.</summary>
    public TimeSpan Ended { get; init; }

    public required HistoryReply Reply { get; init; }

    /// <summary>Create: the life it begins. Update: the life it was read in. Append: the life its process knew when it was accepted, see <see cref="MeantLife"/>; 0 where any will do.</summary>
    public int Generation { get; init; }

    /// <summary>Append: the newest life that its process certainly knew of; 0 where that is none.</summary>
    public int Known { get; init; }

    /// <summary>Update: the version it replaces.</summary>
    public long Version { get; init; }

    /// <summary>Update: what it writes.</summary>
    public int Value { get; init; }

    /// <summary>Create: the first sequence. Read: the sequence to begin at. Delete frames: below which; -1 for all.</summary>
    public long From { get; init; }

    /// <summary>Read: so many frames before the end; -1 where it begins at <see cref="From"/>.</summary>
    public int Last { get; init; } = -1;

    /// <summary>Create: how long the session lives without activity; null for longer than the history.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Create: how long it lives at most; null for longer than the history.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>Append: the frames it appends. Read, follow: the frames it got. Each frame of a history has a number of its own.</summary>
    public int[] Frames { get; init; } = [];

    /// <summary>Append, read, follow: the sequence of the first of the frames. Count, delete frames: how many. Trimmed: the oldest one kept.</summary>
    public long Number { get; init; }

    /// <summary>Create, get, update, conflict: the session that came with the answer.</summary>
    public SessionView? Seen { get; init; }

    /// <summary>Append: its number among those that its client had accepted one after the other, which keep their order; 0 where it was waited for.</summary>
    public int Turn { get; init; }

    /// <summary>What the caller got instead of an answer.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it has to be part of every order: it was answered.</summary>
    public bool IsAnswered => Reply is not (HistoryReply.Unknown or HistoryReply.LossTold or HistoryReply.NotDone);

    /// <summary>The last moment at which it can have been carried out.</summary>
    public TimeSpan Latest => IsAnswered ? Ended : TimeSpan.MaxValue;

    /// <summary>Whether it changes nothing, whatever the session is.</summary>
    public bool IsReading => Call is HistoryCall.Get or HistoryCall.Read or HistoryCall.ReadFirst or HistoryCall.Follow or HistoryCall.Count;
}
