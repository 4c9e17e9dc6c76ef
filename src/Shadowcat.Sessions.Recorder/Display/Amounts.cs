using System.Globalization;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>Durations and sizes as people read them.</summary>
internal static class Amounts
{
    private const int Kilo = 1024;
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB"];

    public static string Of(TimeSpan duration) => duration switch
    {
        { TotalMilliseconds: < 100 } => FormattableString.Invariant($"{duration.TotalMilliseconds:0.0} ms"),
        { TotalSeconds: < 1 } => FormattableString.Invariant($"{duration.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } => FormattableString.Invariant($"{duration.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => FormattableString.Invariant($"{duration.TotalMinutes:0.0} min"),
        _ => FormattableString.Invariant($"{duration.TotalHours:0.0} h"),
    };

    public static string OfBytes(long bytes)
    {
        double amount = bytes;
        var unit = 0;
        while (amount >= Kilo && unit < Units.Length - 1)
        {
            amount /= Kilo;
            unit++;
        }

        return unit == 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes} B") : string.Create(CultureInfo.InvariantCulture, $"{amount:0.0} {Units[unit]}");
    }

    /// <summary>A number of things: one is a thing, all else are things.</summary>
    public static string Of(long count, string thing) => count == 1 ? $"1 {thing}" : string.Create(CultureInfo.InvariantCulture, $"{count} {thing}s");
}
