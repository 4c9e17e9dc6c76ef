using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Shadowcat.Sessions.Recorder.Storing;

namespace Shadowcat.Sessions.Recorder.Proxying;

/// <summary>The program behind the proxy: its stdin and stdout are ours, its stderr is the one we were given.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Starts a program, its arguments exactly as given.</summary>
    /// <exception cref="ProxyException">The program cannot be started.</exception>
    public static ChildProcess Start(string command, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };

        // The connection may hold a password, which is none of the server's business.
        start.Environment.Remove(StoreLocation.RedisVariable);
        try
        {
            return new ChildProcess(Process.Start(start)!);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            throw new ProxyException($"cannot start '{command}': {exception.Message}", exception);
        }
    }

    /// <summary>Waits for the end; 128 + n where signal n ended it, as a shell says it.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Asks the program to end, and ends it with all it started where it has not within the grace.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (OperatingSystem.IsWindows() || Kill(_process.Id, SigTerm) != 0)
        {
            _process.Kill(entireProcessTree: true);
            return;
        }

        try
        {
            await _process.WaitForExitAsync().WaitAsync(grace);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public void Dispose() => _process.Dispose();

    // .NET can only kill a process, not ask it to end.
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
