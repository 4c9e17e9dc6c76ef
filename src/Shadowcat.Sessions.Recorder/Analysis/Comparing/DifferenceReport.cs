namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>What came of a comparison.</summary>
/// <param name="First">The one recording.</param>
/// <param name="Second">The other.</param>
/// <param name="Same">How many messages are the same in both, with their answers.</param>
/// <param name="Differing">How many are not, or are in one of them only.</param>
/// <param name="Differences">In what they differ; of very many, the first.</param>
internal sealed record DifferenceReport(RecordedSide First, RecordedSide Second, int Same, int Differing, IReadOnlyList<RecordingDifference> Differences);
