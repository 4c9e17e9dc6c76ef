using System.Diagnostics;

namespace Shadowcat.Sessions.Servers;

/// <summary>Runs <c>redis-cli</c>, which comes with the server and knows how to make a cluster.</summary>
public static class RedisCli
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("redis-cli") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0
                ? output.Trim()
                : throw new InvalidOperationException($"redis-cli failed: {output.Trim()} {(await errors).Trim()}");
        }
        catch (OperationCanceledException exception)
        {
            process.Kill();
            throw new TimeoutException("redis-cli did not come to an end.", exception);
        }
    }
}
