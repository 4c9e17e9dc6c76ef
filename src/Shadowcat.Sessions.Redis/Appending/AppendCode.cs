namespace Shadowcat.Sessions.Redis;

/// <summary>What <c>append-frames.lua</c> answers for each session.</summary>
internal enum AppendCode
{
    Stored = 0,
    Missing = 1,
    UnknownFormat = 2,
    Damaged = 3,
    TooManyFrames = 4,
    TooManyBytes = 5,

    /// <summary>The list has another token.</summary>
    Renamed = 6,

    /// <summary>The frames may have been stored, and deleted since; with the sequence of the first frame kept.</summary>
    OutcomeUnknown = 7,

    /// <summary>Stored, and the list has got the new token.</summary>
    StoredInNewList = 8,

    /// <summary>The session that the frames are meant for has ended: there is one of another generation.</summary>
    Ended = 9,

    /// <summary>Frames that were acknowledged are gone; nothing was stored, and the list has got the new token.</summary>
    FramesLost = 10,

    /// <summary>The server refused a command in the middle; the block is to be the first of another call, to which that refusal is the answer.</summary>
    Interrupted = 11,
}
