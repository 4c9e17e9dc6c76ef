namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>How bad a finding is.</summary>
internal enum Severity
{
    /// <summary>Good to know.</summary>
    Note,

    /// <summary>Probably not meant.</summary>
    Warning,

    /// <summary>Against the protocol, or a failure.</summary>
    Error,
}
