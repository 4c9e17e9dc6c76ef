namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Looks whether a process got one sequence for two frames of one generation, without a report in between that the server had lost something.</summary>
internal static class SequenceAudit
{
    /// <summary>The pairs of appends that got the same sequence.</summary>
    public static IEnumerable<(HistoryOperation First, HistoryOperation Second)> Find(IReadOnlyList<HistoryOperation> history)
    {
        if (history.Where(operation => operation is { Call: HistoryCall.Create, Reply: HistoryReply.Done or HistoryReply.Unknown }).DistinctBy(operation => operation.Generation).Count() > 1)
        {
            // The server lost the whole session, and another one began anew.
            yield break;
        }

        foreach (var ofStore in history.Where(operation => operation.Call == HistoryCall.Append).GroupBy(operation => operation.Store, StringComparer.Ordinal))
        {
            var given = new Dictionary<long, HistoryOperation>();
            foreach (var operation in ofStore.OrderBy(operation => operation.Ended))
            {
                if (operation.Reply == HistoryReply.LossTold)
                {
                    given.Clear();
                }

                for (var place = 0; operation.Reply == HistoryReply.Done && place < operation.Frames.Length; place++)
                {
                    if (!given.TryAdd(operation.Number + place, operation) && given[operation.Number + place] is var first && !ReferenceEquals(first, operation))
                    {
                        yield return (first, operation);
                        break;
                    }
                }
            }
        }
    }
}
