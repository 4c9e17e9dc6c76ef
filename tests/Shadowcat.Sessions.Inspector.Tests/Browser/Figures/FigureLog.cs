using System.Globalization;

namespace Shadowcat.Sessions.Inspector.Tests.Browser.Figures;

/// <summary>Writes figures down as they are measured, each with the load of the machine at that time.</summary>
internal static class FigureLog
{
    private static string File => Path.Combine(AppContext.BaseDirectory, "figures.txt");

    public static void Write(FormattableString figure)
    {
        var load = System.IO.File.Exists("/proc/loadavg") ? System.IO.File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
        var line = $"{figure.ToString(CultureInfo.InvariantCulture)} (load {load} on {Environment.ProcessorCount} processors)";
        System.IO.File.AppendAllLines(File, [line]);
        TestContext.Current.TestOutputHelper?.WriteLine(line);
    }

    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)Math.Clamp(Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
