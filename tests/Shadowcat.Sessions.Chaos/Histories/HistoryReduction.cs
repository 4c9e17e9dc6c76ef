namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Makes a broken history as short as it can be while it stays broken.</summary>
/// <param name="model">What the session promises.</param>
/// <param name="patience">How long each look may take.</param>
internal sealed class HistoryReduction(SessionModel model, TimeSpan patience)
{
    /// <summary>Reduces a broken history.</summary>
    /// <returns>The operations, by their beginning.</returns>
    public List<HistoryOperation> Reduce(IReadOnlyList<HistoryOperation> history)
    {
        var moments = history.Where(operation => operation.IsAnswered).Select(operation => operation.Ended).Order().ToList();
        var (good, bad) = (-1, moments.Count - 1);
        while (bad - good > 1)
        {
            var middle = (good + bad) / 2;
            (good, bad) = IsBroken(Until(history, moments[middle])) ? (good, middle) : (middle, bad);
        }

        var shortest = Until(history, moments[bad]);
        shortest = shortest.FindAll(operation => operation.Reply != HistoryReply.NotDone || !MayGo(shortest, operation));

        // What changed nothing is no part of why the others cannot be explained, unless it is.
        foreach (var operation in shortest.Where(operation => MayGo(shortest, operation)).Reverse().ToList())
        {
            var without = shortest.Where(other => !ReferenceEquals(other, operation)).ToList();
            if (IsBroken(without))
            {
                shortest = without;
            }
        }

        return [.. shortest.OrderBy(operation => operation.Begun)];
    }

    /// <summary>Whether an operation is known to have changed nothing; an append that was refused and is read is what a reader wants to see.</summary>
    private static bool MayGo(List<HistoryOperation> history, HistoryOperation operation) =>
        operation.IsReading || operation.Call == HistoryCall.Touch
        || (operation.Reply is not (HistoryReply.Done or HistoryReply.Unknown)
            && !(operation.Call == HistoryCall.Append && history.Exists(other => other.IsReading && other.Frames.Intersect(operation.Frames).Any())));

    /// <summary>What was known at a moment: what was not answered by then may have been done.</summary>
    private static List<HistoryOperation> Until(IReadOnlyList<HistoryOperation> history, TimeSpan moment) =>
    [
        .. history.Where(operation => operation.Begun <= moment).Select(operation => !operation.IsAnswered || operation.Ended <= moment
            ? operation
            : operation with { Reply = HistoryReply.Unknown, Seen = null, Turn = 0, Error = $"answered at {operation.Ended.TotalSeconds:0.0000}" }),
    ];

    private bool IsBroken(List<HistoryOperation> history) => LinearizabilityChecker.Check(model, history, patience).Verdict == HistoryVerdict.Broken;
}
