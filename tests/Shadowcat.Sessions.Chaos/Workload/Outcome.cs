namespace Shadowcat.Sessions.Chaos.Workload;

/// <summary>What a caller knows of its call afterwards.</summary>
internal enum Outcome : byte
{
    /// <summary>No answer yet.</summary>
    Pending,

    /// <summary>Acknowledged.</summary>
    Done,

    /// <summary>The store said that nothing was done.</summary>
    NotDone,

    /// <summary>The store said that it may have been done, or the caller did not wait for an answer.</summary>
    Unknown,
}
