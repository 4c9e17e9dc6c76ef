using System.Diagnostics;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>The recorder as people run it: a process of its own, between pipes.</summary>
internal sealed class RecorderProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<byte[]> _output;
    private readonly Task<string> _errors;

    private RecorderProcess(Process process)
    {
        _process = process;
        _output = ReadAllAsync(process.StandardOutput.BaseStream);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The command line that starts the recorder.</summary>
    public static IReadOnlyList<string> Command { get; } =
    [
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        typeof(global::Recorder.Proxying.StdioProxy).Assembly.Location,
    ];

    public Stream Input => _process.StandardInput.BaseStream;

    public static RecorderProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Command[0], [.. Command.Skip(1), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("SHADOWCAT_REDIS");
        return new RecorderProcess(Process.Start(start)!);
    }

    /// <summary>Runs the recorder to its end.</summary>
    public static async Task<RecorderRun> RunAsync(ReadOnlyMemory<byte> input, params string[] arguments)
    {
        await using RecorderProcess recorder = Start(arguments);

        try
        {
            await recorder.Input.WriteAsync(input);
        }
        catch (IOException)
        {
            // It need not read all of it.
        }

        return await recorder.EndAsync();
    }

    /// <summary>Closes the recorder's input and waits for its end.</summary>
    public async Task<RecorderRun> EndAsync()
    {
        await Input.DisposeAsync();
        return await WaitAsync();
    }

    /// <summary>Waits for the recorder's end, whatever brings it about.</summary>
    public async Task<RecorderRun> WaitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        return new RecorderRun(_process.ExitCode, await _output.WaitAsync(Deadline), await _errors.WaitAsync(Deadline));
    }

    /// <summary>Asks the recorder to end, as a client does that has lost its patience.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{_process.Id}"]).WaitForExit();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
