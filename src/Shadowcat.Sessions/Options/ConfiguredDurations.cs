using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Refuses durations in a configuration that are days to the binder and something else to whoever reads them: <c>"5"</c> is five days, <c>"24:00:00"</c> 24.</summary>
internal static class ConfiguredDurations
{
    /// <summary>Looks at what a section says of the durations among options.</summary>
    /// <param name="section">The section.</param>
    /// <exception cref="OptionsValidationException">One can be read in two ways.</exception>
    public static void Check<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(IConfiguration section)
    {
        var failures = typeof(TOptions).GetProperties()
            .Where(static option => (Nullable.GetUnderlyingType(option.PropertyType) ?? option.PropertyType) == typeof(TimeSpan))
            .Select(option => Failure($"{typeof(TOptions).Name}.{option.Name}", section[option.Name]))
            .OfType<string>()
            .ToList();
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(TOptions), failures);
        }
    }

    private static string? Failure(string option, string? text)
    {
        if (!TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var days) || days.Duration() < TimeSpan.FromDays(1))
        {
            return null;
        }

        // Where days and hours are both said (1.00:00:00, 1:00:00:00), there is one way.
        int[] parts = [.. text.Trim().TrimStart('-').Split(':').Select(static part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)];
        return parts switch
        {
            [>= 0 and var number] => Failure(option, text, days, number, TimeSpan.FromSeconds(number), "seconds"),
            [>= 0 and var hours, var minutes, var seconds] => Failure(option, text, days, hours, new TimeSpan(hours, minutes, seconds), "hours"),
            _ => null,
        };
    }

    private static string Failure(string option, string text, TimeSpan days, int number, TimeSpan meant, string unit) =>
        $"{option} is '{text}', which is {number} days, and may be meant as {number} {unit}; say {Written(days.Duration())} or {Written(meant)}.";

    /// <summary>A duration with its days, so that it can be read in one way.</summary>
    private static string Written(TimeSpan duration) => duration.ToString(duration < TimeSpan.FromDays(1) ? @"hh\:mm\:ss" : @"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);
}
