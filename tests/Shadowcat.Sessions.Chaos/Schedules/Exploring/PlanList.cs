namespace Shadowcat.Sessions.Chaos.Schedules.Exploring;

/// <summary>The plans there are of a size: which calls, shared between two callers in every way, with the session expiring in between or not.</summary>
internal static class PlanList
{
    /// <summary>How many things are done to the session at most.</summary>
    public const int MaxCount = 4;

    private static readonly Mutation[] Every = Enum.GetValues<Mutation>();

    /// <summary>What ends a generation, begins one, and appends; and what takes frames away.</summary>
    private static readonly Mutation[] OfLives = [Mutation.Push, Mutation.Delete, Mutation.Create, Mutation.DeleteFrames];

    /// <summary>The small scopes, all of them.</summary>
    public static IEnumerable<SchedulePlan> All() =>
        Enumerable.Range(1, 2).SelectMany(count => Of(count, Every)).SelectMany(plan => (SchedulePlan[])[plan with { Retries = 1, Breaks = plan.Count }, plan with { Breaks = 2 }])
            .Concat(Of(3, Every).Where(IsOfUse).SelectMany(plan => (SchedulePlan[])[plan with { Retries = 1, Breaks = 1 }, plan with { Breaks = 1 }]))
            .Concat(Of(3, OfLives).Where(IsOfUse).SelectMany(plan => (SchedulePlan[])[plan with { Retries = 1, Breaks = 3 }, plan with { Breaks = 2 }]))
            .Concat(Of(4, OfLives).Where(IsOfUse).Select(plan => plan with { Retries = 1, Breaks = 1 }));

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
        var calls = plan.First.Concat(plan.Second).ToList();
        var creates = calls.Count(mutation => mutation == Mutation.Create);
        return creates <= calls.Count(mutation => mutation == Mutation.Delete) + plan.Expirations && plan.Expirations <= creates + 1;
    }

    private static int SequenceCompareTo(this IReadOnlyList<Mutation> one, IReadOnlyList<Mutation> other) =>
        one.Zip(other, (mine, theirs) => mine.CompareTo(theirs)).FirstOrDefault(order => order != 0);

    private static IEnumerable<Mutation[]> Words(int length, IReadOnlyList<Mutation> mutations) => length == 0
        ? [[]]
        : Words(length - 1, mutations).SelectMany(word => mutations.Select(mutation => (Mutation[])[.. word, mutation]));
}
