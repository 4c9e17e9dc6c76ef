using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows;

/// <summary>One line of the comparison. A class that derives from it is found by itself: a new row is a new file.</summary>
internal abstract class Row
{
    /// <summary>Its name in the table and in the JSON.</summary>
    public abstract string Name { get; }

    /// <summary>Where it stands in the table; rows that share a measurement stand side by side.</summary>
    public abstract int Place { get; }

    /// <summary>What is measured against what, for people.</summary>
    public abstract string Subject { get; }

    /// <summary>What the two sides are counted in.</summary>
    public abstract string Unit { get; }

    /// <summary>The figures asked for; null where the issue names none.</summary>
    public abstract Goal? Goal { get; }

    /// <summary>Every row, in the order of the table.</summary>
    public static IReadOnlyList<Row> All { get; } =
    [
        .. typeof(Row).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Row)) && !type.IsAbstract)
            .Select(type => (Row)Activator.CreateInstance(type)!)
            .OrderBy(row => row.Place),
    ];

    /// <summary>Measures.</summary>
    /// <exception cref="RowSkippedException">It cannot be measured here.</exception>
    public abstract Task<RowResult> RunAsync(Bench bench);

    /// <summary>Calls a second on both sides.</summary>
    protected RowResult Throughput(ContestResult contest, int unitsPerCall = 1) =>
        new(this, contest.Figures(round => round.CallsPerSecond * unitsPerCall), contest.Latencies, contest.Allocated / unitsPerCall);
}
