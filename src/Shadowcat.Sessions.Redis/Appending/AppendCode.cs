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
    OtherToken = 6,

    /// <summary>The frames may have been stored and deleted since; with the sequence of the first frame kept.</summary>
    OutcomeUnknown = 7,

    /// <summary>Stored, and the list has the new token.</summary>
    StoredUnderNewToken = 8,

    /// <summary>The generation that the frames are meant for has ended: the session has another one.</summary>
    Ended = 9,

    /// <summary>Frames that were acknowledged are gone; nothing was stored, and the list has the new token.</summary>
    FramesLost = 10,

    /// <summary>The server refused a command in the middle. The session has to be the first of another call: then that refusal is its answer.</summary>
    Interrupted = 11,
}
