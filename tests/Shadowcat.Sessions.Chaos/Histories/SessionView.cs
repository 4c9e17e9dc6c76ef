namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>A session as a caller saw it.</summary>
/// <param name="Generation">Which of the lives of the id, from 1.</param>
/// <param name="Version">Its version.</param>
/// <param name="Value">What the last update wrote; 0 for none.</param>
/// <param name="First">The sequence of the oldest frame kept.</param>
/// <param name="End">The sequence of the next frame.</param>
internal readonly record struct SessionView(int Generation, long Version, int Value, long First, long End);
