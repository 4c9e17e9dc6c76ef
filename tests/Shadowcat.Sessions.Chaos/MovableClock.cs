using System.Diagnostics;
using System.Globalization;
using Shadowcat.Sessions.Chaos.Reporting;

namespace Shadowcat.Sessions.Chaos;

/// <summary>The wall clock of a process of its own, which can be moved: <c>libfaketime</c> stands between it and the system. Neither the machine nor the servers see anything of it.</summary>
/// <seealso href="https://github.com/wolfcw/libfaketime"/>
internal static class MovableClock
{
    private const string Preload = "LD_PRELOAD";
    private const string Offset = "FAKETIME_TIMESTAMP_FILE";
    private const string Library = "libfaketimeMT.so.1";

    private static readonly string? File = Environment.GetEnvironmentVariable(Offset);

    /// <summary>Why the clock of no process can be moved here; null where it can.</summary>
    public static string? Hindrance => Find() is null ? $"there is no {Library} (the package faketime of Debian has it)" : null;

    /// <summary>Whether it is this process whose clock can be moved.</summary>
    public static bool IsHere => File is not null;

    /// <summary>Sees to it that the processes which this one starts have the clock of the system.</summary>
    public static void KeepToThisProcess()
    {
        if (IsHere)
        {
            Environment.SetEnvironmentVariable(Preload, null);
        }
    }

    /// <summary>Sets the clock of this process so far from the system's. It may take a second or so.</summary>
    public static Task MoveAsync(TimeSpan offset) =>
        System.IO.File.WriteAllTextAsync(File!, string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0;-0;+0}"));

    /// <summary>Runs a scenario in a process whose clock can be moved.</summary>
    public static async Task<ScenarioResult> RunAsync(string scenario, ChaosOptions options, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("shadowcat-clock-");
        try
        {
            var results = new FileInfo(Path.Combine(folder.FullName, "results.json"));
            var offset = Path.Combine(folder.FullName, "offset");
            await System.IO.File.WriteAllTextAsync(offset, "+0", cancellationToken);
            using var process = Process.Start(Start(scenario, options, results, offset))!;
            _ = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return results.Exists
                ? (await ResultJson.ReadAsync(results, cancellationToken))[0]
                : throw new InvalidOperationException($"The process of {scenario} ended with {process.ExitCode} and without results.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ProcessStartInfo Start(string scenario, ChaosOptions options, FileInfo results, string offset)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(MovableClock).Assembly.Location);
        }

        foreach (var argument in (IEnumerable<string>)
            ["--scenario", scenario, "--json", results.FullName, "--seconds", Text(options.Duration.TotalSeconds), "--writers", Text(options.Writers),
                "--timeout-ms", Text(options.OperationTimeout.TotalMilliseconds), "--recovery-ms", Text(options.Recovery.TotalMilliseconds), "--seed", Text(options.Seed)])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[Preload] = Find();
        start.Environment[Offset] = offset;
        start.Environment["FAKETIME_CACHE_DURATION"] = "1";

        // What durations are measured by goes on as it does, and so do waits by it: only the time of day is moved.
        start.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        start.Environment["FAKETIME_FORCE_MONOTONIC_FIX"] = "0";
        return start;
    }

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static string? Find() =>
        ((string[])["/usr/lib", "/usr/lib64", "/usr/local/lib"])
            .Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateDirectories(root).Prepend(root))
            .Select(folder => Path.Combine(folder, "faketime", Library))
            .FirstOrDefault(System.IO.File.Exists);
}
