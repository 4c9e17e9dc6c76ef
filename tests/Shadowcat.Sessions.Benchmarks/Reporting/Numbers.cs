using System.Globalization;

namespace Shadowcat.Sessions.Benchmarks.Reporting;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    private const int Digits = 3;

    /// <summary>Three digits that count, without an exponent.</summary>
    public static string Text(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        var places = Math.Clamp(Digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 10);
        return value.ToString("N" + places.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>Milliseconds in the unit that suits them.</summary>
    public static string Duration(double milliseconds) => milliseconds switch
    {
        < 1e-3 => Text(milliseconds * 1e6) + " ns",
        < 1 => Text(milliseconds * 1e3) + " µs",
        _ => Text(milliseconds) + " ms",
    };
}
