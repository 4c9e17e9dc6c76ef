using Microsoft.Win32.SafeHandles;

namespace Shadowcat.Sessions.Recorder.Terminal;

/// <summary>The stream that others read: the client, or whoever stands behind a pipe.</summary>
internal static class StandardOutput
{
    private const int FileDescriptor = 1;

    /// <summary>Whether no terminal shows it.</summary>
    public static bool IsRedirected => HostedRun.Current is not null || Console.IsOutputRedirected;

    /// <summary>The stream for help, whose reader may leave before its end.</summary>
    public static TextWriter ForHelp => HostedRun.Current is null ? Console.Out : OpenText();

    /// <summary>Opens the stream so that writing to a reader that is gone fails, as it does for the server without a proxy.</summary>
    public static Stream Open()
    {
        if (HostedRun.Current is { } run)
        {
            return run.Output;
        }

        // The console's own stream keeps silent about a closed pipe, and a server that never reads, or who follows a session, would talk to nobody for ever.
        if (!OperatingSystem.IsWindows())
        {
            var stream = new FileStream(new SafeFileHandle(FileDescriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!stream.CanSeek)
            {
                return stream;
            }

            // A file has no reader to lose, and may be shared with the server's stderr: only the console's stream leaves the position to the system.
        }

        return Console.OpenStandardOutput();
    }

    /// <summary>Opens it for text, which is to be seen at once.</summary>
    public static TextWriter OpenText() => HostedRun.Current is null && (OperatingSystem.IsWindows() || !IsRedirected) ? Console.Out : new StreamWriter(Open()) { AutoFlush = true };
}
