namespace Shadowcat.Sessions.Chaos.Schedules.Exploring;

/// <summary>Run again with the same choices, a plan went another way: what takes long enough, on a machine that is busy, is done otherwise.</summary>
internal sealed class DivergedException(string message) : Exception(message);
