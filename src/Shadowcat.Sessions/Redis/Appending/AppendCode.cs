namespace Shadowcat.Sessions;

/// <summary>What <c>append-frames.lua</c> answers for a session's frames. The numbers are the script's.</summary>
internal enum AppendCode
{
    Stored = 0,
    Missing = 1,
    UnknownFormat = 2,
    Damaged = 3,
    TooManyFrames = 4,
    TooManyBytes = 5,
}
