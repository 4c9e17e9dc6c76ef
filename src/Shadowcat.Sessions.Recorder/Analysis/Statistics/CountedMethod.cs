namespace Shadowcat.Sessions.Recorder.Analysis.Statistics;

/// <summary>What is counted together.</summary>
/// <param name="From">Who sends it.</param>
/// <param name="Method">The method.</param>
/// <param name="Tool">The tool that is called; null where the method has none.</param>
/// <param name="IsNotification">Whether it asks for no answer.</param>
internal readonly record struct CountedMethod(MessageDirection From, string Method, string? Tool, bool IsNotification)
{
    /// <summary>The method, and the tool.</summary>
    public string Title => Tool is null ? Method : $"{Method} {Tool}";
}
