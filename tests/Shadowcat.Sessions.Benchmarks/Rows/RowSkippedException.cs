namespace Shadowcat.Sessions.Benchmarks.Rows;

/// <summary>A row cannot be measured here; the message says why.</summary>
internal sealed class RowSkippedException(string message) : Exception(message);
