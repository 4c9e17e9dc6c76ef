namespace Shadowcat.Sessions.Chaos.Schedules;

/// <summary>What is called in a schedule, and how much may go wrong; in which order it happens, a schedule says.</summary>
/// <param name="First">The calls that the first caller makes, one after the other.</param>
/// <param name="Second">The calls that the second caller makes meanwhile, in another process.</param>
/// <param name="Expirations">How often the session expires.</param>
/// <param name="Retries">How often the stores repeat a command whose reply was lost: 0 or 1. With 0, callers get an unknown outcome.</param>
/// <param name="Breaks">How many connections break at most with a command on its way.</param>
internal sealed record SchedulePlan(IReadOnlyList<Mutation> First, IReadOnlyList<Mutation> Second, int Expirations, int Retries, int Breaks)
{
    private const string None = "-";

    /// <summary>How many things are done to the session.</summary>
    public int Count => First.Count + Second.Count + Expirations;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It is no plan.</exception>
    public static SchedulePlan Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(field => field.Split('=', 2))
            .Where(field => field.Length == 2)
            .ToDictionary(field => field[0], field => field[1], StringComparer.Ordinal);
        return new SchedulePlan(Mutations("A"), Mutations("B"), Number("expire"), Number("retries"), Number("breaks"));

        string Field(string name) => fields.TryGetValue(name, out var value) ? value : throw new FormatException($"The plan '{text}' does not say {name}=.");

        int Number(string name) => int.TryParse(Field(name), out var number) && number is >= 0 and <= 9
            ? number
            : throw new FormatException($"In the plan '{text}', {name} is no number from 0 to 9.");

        IReadOnlyList<Mutation> Mutations(string name) => Field(name) is var words and not None
            ? [.. words.Split(',').Select(word => Enum.TryParse<Mutation>(word, out var mutation) ? mutation : throw new FormatException($"There is no mutation '{word}'."))]
            : [];
    }

    public override string ToString() => $"A={Words(First)} B={Words(Second)} expire={Expirations} retries={Retries} breaks={Breaks}";

    private static string Words(IReadOnlyList<Mutation> mutations) => mutations.Count == 0 ? None : string.Join(',', mutations);
}
