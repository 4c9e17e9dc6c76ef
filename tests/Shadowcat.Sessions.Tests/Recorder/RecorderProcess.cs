using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>The recorder as people run it: a process of its own, between pipes.</summary>
internal sealed class RecorderProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<byte[]> _output;
    private int _hasWritten;
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
        typeof(global::Shadowcat.Sessions.Recorder.Proxying.StdioProxy).Assembly.Location,
    ];

    /// <summary>Whether it has said anything yet.</summary>
    public bool HasWritten => Volatile.Read(ref _hasWritten) != 0;

    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    public static RecorderProcess Start(params string[] arguments) => StartProgram(Command[0], [.. Command.Skip(1), .. arguments]);

    /// <summary>Starts a recorder that heeds every signal, also where this process was started to ignore some, as in the background of a script or by <c>nohup</c>: what it starts inherits that.</summary>
    public static RecorderProcess StartHeedingSignals(params string[] arguments) =>
        OperatingSystem.IsLinux() ? StartProgram("env", ["--default-signal=HUP,QUIT", .. Command, .. arguments]) : Start(arguments);

    /// <summary>Starts a recorder in a shell, where it is <c>"$@"</c>.</summary>
    public static RecorderProcess StartInShell(string script, params string[] arguments) => StartProgram("sh", ["-c", script, "sh", .. Command, .. arguments]);

    /// <summary>Starts a recorder in a shell that knows the exit code of each program of a pipe.</summary>
    public static RecorderProcess StartInBash(string script, params string[] arguments) => StartProgram("bash", ["-c", script, "bash", .. Command, .. arguments]);

    /// <summary>Starts a recorder before a server of Streamable HTTP.</summary>
    /// <returns>The recorder, and the endpoint for clients.</returns>
    public static async Task<(RecorderProcess Recorder, Uri Endpoint)> StartBeforeAsync(Uri upstream, params string[] arguments)
    {
        var listen = new Uri($"http://127.0.0.1:{LoopbackPort.NextFree()}");
        RecorderProcess recorder = Start(["record", "--http", $"{upstream}", "--listen", $"{listen}", .. arguments]);
        await Poll.UntilAsync(() => AcceptsAsync(listen.Port), "the recorder listens");
        return (recorder, new Uri(listen, upstream.PathAndQuery));
    }

    /// <summary>Runs the recorder to its end, with a variable of its environment.</summary>
    public static async Task<RecorderRun> RunWithAsync(string variable, string value, params string[] arguments)
    {
        await using RecorderProcess recorder = StartProgram(Command[0], [.. Command.Skip(1), .. arguments], (variable, value));
        return await recorder.EndAsync();
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
    public void Terminate() => Send("TERM");

    /// <summary>Sends the recorder a signal.</summary>
    public void Send(string signal) => Process.Start("kill", [$"-{signal}", $"{_process.Id}"]).WaitForExit();

    /// <summary>Ends the recorder as a power cut would.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>Whether somebody listens on a port.</summary>
    public static async Task<bool> AcceptsAsync(int port)
    {
        using var socket = new TcpClient();

        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static RecorderProcess StartProgram(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string variable in (string[])["SHADOWCAT_REDIS", "SHADOWCAT_STORE", "SHADOWCAT_KEY_PREFIX"])
        {
            start.Environment.Remove(variable);
        }

        // Its life is over before what is measured for it pays.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return new RecorderProcess(Process.Start(start)!);
    }

    private async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];

        while (await stream.ReadAsync(buffer) is > 0 and int length)
        {
            all.Write(buffer, 0, length);
            Volatile.Write(ref _hasWritten, 1);
        }

        return all.ToArray();
    }
}
