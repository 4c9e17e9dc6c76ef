namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>How what was found is written.</summary>
internal enum CheckFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For build servers, as the results of tests.</summary>
    Junit,

    /// <summary>For code scanning.</summary>
    Sarif,
}
