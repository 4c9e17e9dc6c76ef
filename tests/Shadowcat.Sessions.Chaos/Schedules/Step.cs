using System.Globalization;

namespace Shadowcat.Sessions.Chaos.Schedules;

/// <summary>One step of a schedule: what the network, or time, does next.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Number">To which caller; or which command on its way arrives, counted in the order in which they were left behind.</param>
internal readonly record struct Step(StepKind Kind, int Number)
{
    private const string Names = "AB";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It is no step.</exception>
    public static Step Parse(string text) => text switch
    {
        "x" => new Step(StepKind.Expire, 0),
        ['A' or 'B'] => new Step(StepKind.Answer, Names.IndexOf(text[0], StringComparison.Ordinal)),
        ['A' or 'B', '!'] => new Step(StepKind.Break, Names.IndexOf(text[0], StringComparison.Ordinal)),
        ['~', .. var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var late) => new Step(StepKind.ArriveLate, late),
        _ => throw new FormatException($"'{text}' is no step of a schedule."),
    };

    public override string ToString() => Kind switch
    {
        StepKind.Expire => "x",
        StepKind.ArriveLate => string.Create(CultureInfo.InvariantCulture, $"~{Number}"),
        StepKind.Break => $"{Names[Number]}!",
        _ => $"{Names[Number]}",
    };
}
