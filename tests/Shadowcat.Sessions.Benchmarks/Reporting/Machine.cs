using System.Globalization;
using System.Runtime.InteropServices;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Reporting;

/// <summary>On what was measured.</summary>
internal static class Machine
{
    public static string Describe(Bench bench) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processor()}, {Environment.ProcessorCount} cores · {RuntimeInformation.OSDescription} · {RuntimeInformation.FrameworkDescription} · Redis {bench.Server.Version}");

    private static string Processor()
    {
        const string Linux = "/proc/cpuinfo";
        var model = File.Exists(Linux) ? File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return model is null ? RuntimeInformation.ProcessArchitecture.ToString() : model[(model.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
