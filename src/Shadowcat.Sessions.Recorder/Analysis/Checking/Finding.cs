namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>Something that is wrong in a conversation.</summary>
/// <param name="Rule">What is wrong.</param>
/// <param name="Severity">How bad it is here.</param>
/// <param name="Sequence">The frame; null where it is about none.</param>
/// <param name="Message">What was found, in a sentence that a terminal can show.</param>
internal sealed record Finding(CheckRule Rule, Severity Severity, long? Sequence, string Message);
