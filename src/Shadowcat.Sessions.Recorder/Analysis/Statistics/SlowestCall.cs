namespace Shadowcat.Sessions.Recorder.Analysis.Statistics;

/// <summary>The call that took longest.</summary>
/// <param name="Duration">How long it took.</param>
/// <param name="Session">Its session.</param>
/// <param name="Sequence">The frame of the request.</param>
internal sealed record SlowestCall(TimeSpan Duration, SessionId Session, long Sequence);
