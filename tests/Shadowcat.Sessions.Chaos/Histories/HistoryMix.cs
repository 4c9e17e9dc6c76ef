namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>What the clients of a scenario do to their sessions, and for how long.</summary>
internal sealed record HistoryMix
{
    /// <summary>How often each call is made, against the others.</summary>
    public IReadOnlyDictionary<HistoryCall, int> Weights { get; init; } = new Dictionary<HistoryCall, int>
    {
        [HistoryCall.Create] = 5,
        [HistoryCall.Get] = 8,
        [HistoryCall.Update] = 12,
        [HistoryCall.Delete] = 3,
        [HistoryCall.Touch] = 4,
        [HistoryCall.Append] = 36,
        [HistoryCall.Read] = 10,
        [HistoryCall.Count] = 4,
        [HistoryCall.DeleteFrames] = 4,
    };

    /// <summary>How many sessions of four live so shortly that they end by themselves.</summary>
    public int MortalOfFour { get; init; } = 1;

    /// <summary>How long those live without activity.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>How many sessions are worked on at a time.</summary>
    public int Slots { get; init; } = 18;

    /// <summary>For how long one id is worked on.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>After how many operations one id is done with.</summary>
    public int MostOperations { get; init; } = 400;

    /// <summary>How long a client pauses between its calls at most.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>Whether frames are limited in two of three sessions.</summary>
    public bool HasCaps { get; init; } = true;

    /// <summary>Whether the server may lose what it acknowledged, and callers get an exception that says so.</summary>
    public bool TellsLoss { get; init; }
}
