namespace Shadowcat.Sessions.Recorder.Terminal;

/// <summary>The stream that the client writes to, or whoever stands before a pipe.</summary>
internal static class StandardInput
{
    /// <summary>Whether no terminal is there at which somebody could be asked.</summary>
    public static bool IsRedirected => HostedRun.Current is not null || Console.IsInputRedirected;

    public static Stream Open() => HostedRun.Current?.Input ?? Console.OpenStandardInput();
}
