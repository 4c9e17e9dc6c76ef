namespace Shadowcat.Sessions.Sqlite;

/// <summary>What became of an append.</summary>
/// <param name="First">The sequence of the first frame.</param>
/// <param name="Count">How many frames were appended; 0 where they were found.</param>
/// <param name="Activity">What the session has now; null where nothing has changed.</param>
internal readonly record struct AppendedFrames(long First, int Count, SessionActivity? Activity);
