namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>What a check of a history came to.</summary>
internal enum HistoryVerdict
{
    /// <summary>There is an order of its operations that explains every answer.</summary>
    Linearizable,

    /// <summary>There is none.</summary>
    Broken,

    /// <summary>None was found in the time there was, and not every one was looked at.</summary>
    Undecided,
}
