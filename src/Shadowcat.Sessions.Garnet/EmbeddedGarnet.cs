using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.common;

namespace Shadowcat.Sessions.Garnet;

/// <summary>A Garnet server inside this process, on a loopback port, with the scripting that the Redis store needs.</summary>
/// <remarks>
/// <para>For development, demonstrations and tests on a machine without Redis. Not for production: it keeps everything in
/// memory without a bound that holds, nothing survives the process, and whoever reaches the loopback interface may use
/// it, for it asks for no password.</para>
/// <para>It starts in less than a second and takes some 45 MiB when empty.</para>
/// </remarks>
/// <seealso href="https://microsoft.github.io/garnet/"/>
public sealed class EmbeddedGarnet : IDisposable
{
    private const int MaxAttempts = 10;

    private readonly GarnetServer _server;
    private readonly DirectoryInfo _folder;
    private int _disposed;

    private EmbeddedGarnet(GarnetServer server, DirectoryInfo folder, int port)
    {
        _server = server;
        _folder = folder;
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
    }

    /// <summary>Where the server listens, or listened before it was disposed of.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>What to give StackExchange.Redis: <c>127.0.0.1:port</c>.</summary>
    public string Configuration => EndPoint.ToString();

    /// <summary>Starts a server of its own, which answers when this returns.</summary>
    /// <param name="options">How to start it; null for the defaults.</param>
    /// <exception cref="IOException">The given port is taken, or none of several free ones could be had.</exception>
    public static EmbeddedGarnet Start(EmbeddedGarnetOptions? options = null)
    {
        var fixedPort = options?.Port;
        var folder = Directory.CreateTempSubdirectory("shadowcat-garnet-");
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var port = fixedPort ?? FindFreePort();
                var server = new GarnetServer(Arguments(port, folder));
                try
                {
                    server.Start();
                    return new EmbeddedGarnet(server, folder, port);
                }
                catch (Exception exception)
                {
                    server.Dispose();
                    if (exception is not GarnetException)
                    {
                        throw;
                    }

                    // Between finding a free port and listening on it, anyone may take it: then the next one is tried.
                    if (fixedPort is not null || attempt == MaxAttempts)
                    {
                        throw new IOException($"Garnet cannot listen on 127.0.0.1:{port}: {exception.Message}", exception);
                    }
                }
            }
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Ends the server, drops its data and removes its folder. Clients that are connected lose their connections.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _server.Dispose();
            _folder.Delete(recursive: true);
        }
    }

    private static string[] Arguments(int port, DirectoryInfo folder) =>
    [
        "--port", port.ToString(CultureInfo.InvariantCulture),
        "--bind", "127.0.0.1",
        "--lua",
        "--lua-transaction-mode",
        "--checkpointdir", folder.FullName,
        "-q",
    ];

    private static int FindFreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
