namespace Shadowcat.Sessions.Recorder.Terminal;

/// <summary>The environment that the program was started in.</summary>
internal static class EnvironmentVariable
{
    /// <summary>The value of a variable; null where it is not set, or empty.</summary>
    public static string? Get(string name) =>
        (HostedRun.Current is { } run ? run.Variables.GetValueOrDefault(name) : Environment.GetEnvironmentVariable(name)) is { Length: > 0 } value ? value : null;
}
