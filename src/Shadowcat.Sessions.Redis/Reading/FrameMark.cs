namespace Shadowcat.Sessions.Redis;

/// <summary>A frame that was seen in a list, to be recognized there.</summary>
/// <param name="Sequence">Its sequence.</param>
/// <param name="Stamp">The stamp in its stored form, which no other frame has.</param>
internal readonly record struct FrameMark(long Sequence, ulong Stamp);
