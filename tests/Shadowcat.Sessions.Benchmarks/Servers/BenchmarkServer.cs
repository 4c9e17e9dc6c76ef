using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.Servers;

/// <summary>A <c>redis-server</c> from the PATH on its own loopback port and unix socket, in its own folder; ended with its folder when it is disposed of.</summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private BenchmarkServer(DirectoryInfo folder, Process process, int port)
    {
        _folder = folder;
        _process = process;
        Endpoint = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    public string Endpoint { get; }

    public string Socket => SocketIn(_folder);

    public static async Task<BenchmarkServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("shadowcat-bench-");
        var port = FreePort();
        var start = new ProcessStartInfo("redis-server") { WorkingDirectory = folder.FullName, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])
            ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--unixsocket", SocketIn(folder)])
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            folder.Delete(recursive: true);
            throw new InvalidOperationException("There is no redis-server on the PATH; name a server with --redis.", exception);
        }

        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var server = new BenchmarkServer(folder, process, port);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string SocketIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "redis.sock");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync()
    {
        for (var begin = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                await using var connection = await ConnectionMultiplexer.ConnectAsync(Endpoint);
                await connection.GetDatabase().PingAsync();
                return;
            }
            catch (Exception exception) when (exception is RedisException && !_process.HasExited && Stopwatch.GetElapsedTime(begin) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }
}
