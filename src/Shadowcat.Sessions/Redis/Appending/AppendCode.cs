namespace Shadowcat.Sessions;

/// <summary>What <c>append-frames.lua</c> answers for a block. The numbers are the script's.</summary>
internal enum AppendCode
{
    Stored = 0,
    Gap = 1,
    Missing = 2,
    UnknownFormat = 3,
    Damaged = 4,
    TooManyFrames = 5,
    TooManyBytes = 6,
    Unknown = 7,
}
