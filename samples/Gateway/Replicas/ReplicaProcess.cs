using System.Diagnostics;

namespace Gateway.Replicas;

/// <summary>A replica as a process of its own: this program, started once more.</summary>
internal sealed class ReplicaProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private ReplicaProcess(Process process, string name, Uri address)
    {
        _process = process;
        Name = name;
        Address = address;
    }

    public string Name { get; }

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts a replica, which serves when this returns.</summary>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public static async Task<ReplicaProcess> StartAsync(string redis, string name, string prefix, string environment, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [typeof(ReplicaProcess).Assembly.Location, "replica", "--redis", redis, "--name", name, "--prefix", prefix, "--environment", environment])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var address = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(StartDeadline, cancellationToken);
        return Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? new ReplicaProcess(process, name, uri)
            : throw new InvalidOperationException($"The replica {name} did not start.");
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Lets it end by itself: it stops when its input ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(StopDeadline);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
