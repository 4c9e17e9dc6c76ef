using Spectre.Console;

namespace Shadowcat.Sessions.Chaos.Soak;

/// <summary>What a soak showed.</summary>
/// <param name="Elapsed">How long writers wrote.</param>
/// <param name="Appended">Frames that were acknowledged.</param>
/// <param name="Created">Sessions that were created.</param>
/// <param name="KeysLeft">How many keys the server had when every session had expired: the layout, and what is remembered of writers for a while.</param>
/// <param name="Heap">The managed heap.</param>
/// <param name="WorkingSet">The working set.</param>
/// <param name="Descriptions">What was broken.</param>
internal sealed record SoakResult(
    TimeSpan Elapsed, long Appended, long Created, long KeysLeft, SoakMemory Heap, SoakMemory WorkingSet, IReadOnlyList<string> Descriptions)
{
    public bool Kept => Descriptions.Count == 0;

    public static SoakResult Of(TimeSpan elapsed, long appended, long created, long keys, IReadOnlyCollection<MemorySample> samples) =>
        new(elapsed, appended, created, keys, SoakMemory.Of(samples.Select(sample => sample.Heap)), SoakMemory.Of(samples.Select(sample => sample.WorkingSet)), []);

    public void Print()
    {
        AnsiConsole.MarkupLineInterpolated($"{Elapsed.TotalSeconds:N0} s, {Appended:N0} frames acknowledged ({Appended / Elapsed.TotalSeconds:N0} a second), {Created:N0} sessions created; {KeysLeft} keys left when all had expired");
        var table = new Table().Border(TableBorder.Rounded).AddColumn("MiB");
        foreach (var column in (string[])["first third", "last third", "growth", "least", "most"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var (name, memory) in new[] { ("managed heap", Heap), ("working set", WorkingSet) })
        {
            table.AddRow(name, $"{memory.Early:N1}", $"{memory.Late:N1}", $"{memory.Growth:P1}", $"{memory.Least:N1}", $"{memory.Most:N1}");
        }

        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(Kept ? "[green]kept[/]" : "[red]BROKEN[/]");
        foreach (var description in Descriptions)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{description}[/]");
        }
    }
}
