using System.Diagnostics;
using System.Globalization;

namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>A <c>redis-server</c> from the PATH, on its own loopback port, in its own temporary folder.</summary>
internal sealed class ProcessRedisServer : RedisServer
{
    private static readonly string? Binary = FindOnPath("redis-server");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shadowcat-redis-");
    private readonly string[] _arguments;
    private Process? _process;

    private ProcessRedisServer(int port, string[] arguments)
        : base(port) => _arguments = arguments;

    public static bool IsInstalled => Binary is not null;

    public override RedisServerKind Kind => RedisServerKind.Process;

    public static async Task<RedisServer> LaunchAsync(params string[] arguments)
    {
        if (!IsInstalled)
        {
            throw new ServerUnavailableException("no redis-server on the PATH");
        }

        // Somebody may take the free port before redis-server does: then it exits, and another port is tried.
        for (int attempt = 1; ; attempt++)
        {
            var server = new ProcessRedisServer(LoopbackPort.NextFree(), arguments);

            try
            {
                await server.StartAsync();
                return server;
            }
            catch (ServerUnavailableException) when (attempt < 3)
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

    public override async Task StartAsync()
    {
        var start = new ProcessStartInfo(Binary!)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };

        foreach (string argument in (string[])
            ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. _arguments])
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start)!;
        _process = process;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        await WaitUntilReadyAsync(() => process.HasExited);

        if (process.HasExited)
        {
            throw new ServerUnavailableException($"redis-server ended at once: {(await output).Trim()}");
        }
    }

    public override async Task StopAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    public override Task PauseAsync() => SignalAsync("-STOP");

    public override Task ContinueAsync() => SignalAsync("-CONT");

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private static string? FindOnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private async Task SignalAsync(string signal)
    {
        // .NET can only kill; other signals are the business of kill(1).
        using Process kill = Process.Start("kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
