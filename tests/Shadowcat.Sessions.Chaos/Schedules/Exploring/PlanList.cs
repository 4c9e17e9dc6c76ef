namespace Shadowcat.Sessions.Chaos.Schedules.Exploring;

/// <summary>The plans there are of a size: which calls, shared between two callers in every way, with the session expiring in between or not.</summary>
internal static class PlanList
{
    /// <summary>How many things are done to the session at most.</summary>
    public const int MaxCount = 4;

    private static readonly Mutation[] Every = Enum.GetValues<Mutation>();

    /// <summary>What ends a generation, begins one, and appends.</summary>
    private static readonly Mutation[] OfLives = [Mutation.Push, Mutation.Delete, Mutation.Create];

    /// <summary>What lives and places depend on.</summary>
    private static readonly Mutation[] OfPlaces = [.. OfLives, Mutation.DeleteFrames];

    /// <summary>The small scopes, all of them.</summary>
    /// <remarks>
    /// Up to two of every kind, with every subset of connections that break. Three that lives and places depend on, with every subset; where one of them is of
    /// any other kind, with one that breaks. Four that lives depend on, with one that breaks. All with stores that repeat; up to three with stores that do not, too.
    /// </remarks>
    public static IEnumerable<SchedulePlan> All() =>
        from count in Enumerable.Range(1, MaxCount)
        from plan in Of(count, count < MaxCount ? Every : OfLives)
        let others = Calls(plan).Count(mutation => !OfPlaces.Contains(mutation))
        where count < 3 || (others < 2 && IsOfUse(plan))
        let breaks = count < 3 || (count == 3 && others == 0) ? count : 1
        from retries in count < MaxCount ? (int[])[1, 0] : [1]
        select plan with { Retries = retries, Breaks = retries == 0 ? Math.Min(2, breaks) : breaks };

    /// <summary>A plan of any size, at random.</summary>
    public static SchedulePlan Random(Random random)
    {
        while (true)
        {
            var count = random.Next(2, MaxCount + 1);
            var expirations = random.Next(0, 3) / 2;
            var calls = random.GetItems(Every, count - expirations);
            var first = random.Next((calls.Length + 1) / 2, calls.Length + 1);
            var retries = random.Next(0, 3) == 0 ? 0 : 1;
            var plan = new SchedulePlan(calls[..first], calls[first..], expirations, retries, random.Next(0, count + 1));
            if (IsOfUse(plan))
            {
                return plan;
            }
        }
    }

    /// <summary>Plans of a size, without anything that breaks. Both callers begin alike, so of two that are the same but for who is who, there is one.</summary>
    public static IEnumerable<SchedulePlan> Of(int count, IReadOnlyList<Mutation> mutations)
    {
        for (var expirations = 0; expirations < count; expirations++)
        {
            foreach (var calls in Words(count - expirations, mutations))
            {
                for (var first = calls.Length; first >= calls.Length - first; first--)
                {
                    var plan = new SchedulePlan(calls[..first], calls[first..], expirations, Retries: 0, Breaks: 0);
                    if (first > calls.Length - first || plan.First.SequenceCompareTo(plan.Second) <= 0)
                    {
                        yield return plan;
                    }
                }
            }
        }
    }

    /// <summary>Whether a plan has no more creates, and no more expirations, than can do something; those that can do nothing are in the smaller plans.</summary>
    private static bool IsOfUse(SchedulePlan plan)
    {
        var calls = Calls(plan).ToList();
        var creates = calls.Count(mutation => mutation == Mutation.Create);
        return creates <= calls.Count(mutation => mutation == Mutation.Delete) + plan.Expirations && plan.Expirations <= creates + 1;
    }

    private static IEnumerable<Mutation> Calls(SchedulePlan plan) => plan.First.Concat(plan.Second);

    private static int SequenceCompareTo(this IReadOnlyList<Mutation> one, IReadOnlyList<Mutation> other) =>
        one.Zip(other, (mine, theirs) => mine.CompareTo(theirs)).FirstOrDefault(order => order != 0);

    private static IEnumerable<Mutation[]> Words(int length, IReadOnlyList<Mutation> mutations) => length == 0
        ? [[]]
        : Words(length - 1, mutations).SelectMany(word => mutations.Select(mutation => (Mutation[])[.. word, mutation]));
}
