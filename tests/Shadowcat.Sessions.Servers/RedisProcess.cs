using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Shadowcat.Sessions.Servers;

/// <summary>A <c>redis-server</c> from the PATH, whichever version or fork of it that is, on its own loopback port, in its own temporary folder. Both go when it is disposed of.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private const int Attempts = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string? Binary = FindOnPath("redis-server");

    private static readonly Lazy<Version> Installed = new(ReadVersion);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shadowcat-redis-");
    private readonly string[] _arguments;
    private readonly ServerTls? _tls;
    private readonly string? _password;
    private Process? _process;

    private RedisProcess(int port, ServerTls? tls, string[] arguments)
    {
        Port = port;
        _tls = tls;
        var number = port.ToString(CultureInfo.InvariantCulture);
        _arguments =
        [
            .. IsSentinel(arguments) ? (string[])[WriteConfiguration()] : ["--save", "", "--appendonly", "no"],
            .. tls?.ServerArguments(number) ?? ["--port", number], "--bind", "127.0.0.1", .. arguments,
        ];
        _password = Password(arguments);
        Connecting = ["-p", number, .. tls?.ClientArguments ?? [], .. _password is null ? (string[])[] : ["--no-auth-warning", "-a", _password]];
    }

    public static bool IsInstalled => Binary is not null;

    /// <summary>Which version the installed one is; a fork counts by itself.</summary>
    public static Version Version => Installed.Value;

    /// <summary>Whether it was started and not killed since.</summary>
    public bool IsRunning => _process is not null;

    /// <summary>Stays the same when the server is killed and started again.</summary>
    public int Port { get; }

    /// <summary>What to give StackExchange.Redis.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>How <c>redis-cli</c> gets to the server.</summary>
    internal string[] Connecting { get; }

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="arguments">The server's command line, for example <c>--requirepass secret</c>.</param>
    public static Task<RedisProcess> LaunchAsync(params string[] arguments) => LaunchAsync(tls: null, arguments);

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="tls">What it speaks TLS by; null for a server that does not.</param>
    /// <param name="arguments">The server's command line, for example <c>--requirepass secret</c>.</param>
    public static async Task<RedisProcess> LaunchAsync(ServerTls? tls, params string[] arguments)
    {
        if (!IsInstalled)
        {
            throw new ServerUnavailableException("no redis-server on the PATH");
        }

        // Somebody may take the free port before redis-server does: then it exits, and another port is tried.
        for (var attempt = 1; ; attempt++)
        {
            var server = new RedisProcess(LoopbackPort.NextFree(), tls, arguments);

            try
            {
                await server.StartAsync();
                return server;
            }
            catch (ServerUnavailableException) when (attempt < Attempts)
            {
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Starts a killed server again, on the same port and folder, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(Binary!)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        foreach (var argument in _arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        _process = process;
        // What is wrong with a command line is said on the one by some versions, on the other by others.
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Poll.UntilAsync(
            async () => process.HasExited || await LoopbackPort.AnswersPingAsync(Port, _tls), $"redis-server answers on port {Port}");

        if (process.HasExited)
        {
            throw new ServerUnavailableException($"redis-server ended at once: {string.Concat(await output).Trim()}");
        }
    }

    /// <summary>Ends the server as a power cut would, with the children that save for it: nothing is saved, no client is notified.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Freezes the server: connections stay open, nothing answers.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    /// <summary>Lets a frozen server go on.</summary>
    public Task ContinueAsync() => SignalAsync("-CONT");

    /// <summary>Sends a command on a connection of its own.</summary>
    /// <returns>What the server answered, a value a line.</returns>
    /// <exception cref="InvalidOperationException">The server cannot be reached or answered with an error.</exception>
    public async Task<string> CommandAsync(params string[] command)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await using var connection = await RespConnection.OpenAsync(Port, _tls, patience.Token);
            if (_password is not null)
            {
                await connection.SendAsync(["AUTH", _password], patience.Token);
            }

            return (await connection.SendAsync(command, patience.Token)).Trim();
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"{Endpoint} did not answer {command[0]} within {Patience.TotalSeconds:0} s.", exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new InvalidOperationException($"{Endpoint} cannot be reached: {exception.Message}", exception);
        }
    }

    /// <summary>Waits until some replicas have all that the server wrote.</summary>
    public Task WaitUntilReplicatedAsync(int replicas) => Poll.UntilAsync(
        async () =>
        {
            var replication = await CommandAsync("INFO", "replication");
            var written = replication.Split('\n', StringSplitOptions.TrimEntries).First(line => line.StartsWith("master_repl_offset:", StringComparison.Ordinal)).Split(':')[1];
            return replication.Split($"offset={written},").Length == replicas + 1;
        },
        "the replicas have everything");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>What the arguments ask of whoever connects.</summary>
    private static string? Password(string[] arguments) =>
        Array.IndexOf(arguments, "--requirepass") is var place and >= 0 ? arguments[place + 1] : null;

    private static bool IsSentinel(string[] arguments) => arguments.Contains("--sentinel", StringComparer.Ordinal);

    /// <summary>A sentinel keeps what it learns in its configuration, and does not start without a file for it.</summary>
    private string WriteConfiguration()
    {
        var path = Path.Combine(_folder.FullName, "sentinel.conf");
        File.WriteAllText(path, "");
        return path;
    }

    private static Version ReadVersion()
    {
        using var process = Process.Start(new ProcessStartInfo(Binary!, "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Version.Parse(line.Split(' ').First(word => word.StartsWith("v=", StringComparison.Ordinal))[2..]);
    }

    private static string? FindOnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private async Task SignalAsync(string signal)
    {
        // .NET can only kill; other signals are the business of kill(1).
        using var kill = Process.Start("kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"kill {signal} failed with exit code {kill.ExitCode}.");
        }
    }
}
