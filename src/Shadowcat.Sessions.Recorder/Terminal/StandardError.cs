namespace Shadowcat.Sessions.Recorder.Terminal;

/// <summary>The stream for people, beside the output.</summary>
internal static class StandardError
{
    /// <summary>Whether no terminal shows it.</summary>
    public static bool IsRedirected => HostedRun.Current is not null || Console.IsErrorRedirected;

    public static TextWriter Writer => HostedRun.Current?.Error ?? Console.Error;
}
