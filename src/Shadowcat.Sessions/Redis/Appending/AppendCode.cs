namespace Shadowcat.Sessions;

/// <summary>What <c>append-frames.lua</c> answers for each session.</summary>
internal enum AppendCode
{
    Stored = 0,
    Missing = 1,
    UnknownFormat = 2,
    Damaged = 3,
    TooManyFrames = 4,
    TooManyBytes = 5,

    /// <summary>The list has another name.</summary>
    Renamed = 6,

    /// <summary>The frames may have been stored, and deleted since; with the sequence of the first frame kept.</summary>
    OutcomeUnknown = 7,

    /// <summary>Stored, and the list has got the new name.</summary>
    StoredInNewList = 8,
}
