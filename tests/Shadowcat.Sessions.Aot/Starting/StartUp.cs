using System.Diagnostics;

namespace Shadowcat.Sessions.Aot.Starting;

/// <summary>Prints the size of the program, and how long it takes from the start of a process to its first stored frame.</summary>
internal static class StartUp
{
    private const int Starts = 9;

    public static async Task PrintAsync()
    {
        var folder = Directory.CreateTempSubdirectory("shadowcat-aot-");
        try
        {
            var program = new FileInfo(Environment.ProcessPath!);
            Console.WriteLine($"{program.Name}: {program.Length / 1e6:0.0} MB");
            Console.WriteLine($"from the start to the first frame in memory: {await MedianAsync(program, static _ => FirstFrame.Memory):0} ms (median of {Starts})");
            Console.WriteLine($"from the start to the first frame in a new SQLite file: {await MedianAsync(program, start => Path.Combine(folder.FullName, $"{start}.db")):0} ms (median of {Starts})");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> MedianAsync(FileInfo program, Func<int, string> store)
    {
        var times = new List<double>();
        for (var start = 0; start < Starts; start++)
        {
            times.Add(await TimeAsync(program, store(start)));
        }

        times.Sort();
        return times[Starts / 2];
    }

    private static async Task<double> TimeAsync(FileInfo program, string store)
    {
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program.FullName, [FirstFrame.Command, store]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        Check.Equal("0", await process.StandardOutput.ReadLineAsync());
        var time = Stopwatch.GetElapsedTime(begun);
        await process.WaitForExitAsync();
        Check.Equal(0, process.ExitCode);
        return time.TotalMilliseconds;
    }
}
