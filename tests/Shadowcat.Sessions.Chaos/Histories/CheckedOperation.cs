namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>An operation as the checker orders it.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="IsMandatory">Whether every order has it.</param>
/// <param name="After">The place of another one that has to come first; -1 for none.</param>
/// <param name="Undone">The place of the restore that undoes it: the store may then do it once more. -1 where it is not such a first try.</param>
/// <param name="Again">The place of what does it once more behind that restore; -1 as before.</param>
internal readonly record struct CheckedOperation(HistoryOperation Operation, bool IsMandatory, int After = -1, int Undone = -1, int Again = -1)
{
    /// <summary>All operations that may be in an order, by their beginning.</summary>
    /// <param name="history">The operations of one session.</param>
    public static CheckedOperation[] Of(IReadOnlyList<HistoryOperation> history)
    {
        var candidates = new List<(HistoryOperation Operation, bool IsMandatory, HistoryOperation? After, HistoryOperation? Undone, HistoryOperation? Again)>();
        history = [.. history.Select(operation => MeantLife.Of(history, operation))];
        foreach (var operation in history.Where(operation => operation.IsAnswered || !(operation.IsReading || operation.Reply == HistoryReply.NotDone)))
        {
            var before = Before(history, operation);
            if (operation is { Call: HistoryCall.Read, Reply: HistoryReply.Done, Frames: [var first, ..] })
            {
                before = operation with { Call = HistoryCall.ReadFirst, Frames = [first] };
                candidates.Add((before, true, null, null, null));
            }

            candidates.Add((operation, operation.IsAnswered, before, null, null));
            if (!operation.IsReading && operation.Call is not (HistoryCall.Save or HistoryCall.Restore)
                && history.FirstOrDefault(restore => restore.Call == HistoryCall.Restore && operation.Begun < restore.Begun && operation.Latest > restore.Begun) is { } undone)
            {
                // Carried out, lost with the server's memory before anybody got an answer, and carried out once more: that is once.
                var saved = history.LastOrDefault(save => save.Call == HistoryCall.Save && save.Begun < undone.Begun);
                candidates.Add((operation with { Reply = HistoryReply.Unknown, Seen = null }, false, saved, undone, operation));
            }
        }

        var ordered = candidates.OrderBy(candidate => candidate.Operation.Begun).ToList();
        var places = new Dictionary<HistoryOperation, int>(ReferenceEqualityComparer.Instance);
        for (var place = 0; place < ordered.Count; place++)
        {
            places[ordered[place].Operation] = place;
        }

        int Place(HistoryOperation? operation) => operation is not null && places.TryGetValue(operation, out var place) ? place : -1;
        return [.. ordered.Select(candidate => new CheckedOperation(candidate.Operation, candidate.IsMandatory, Place(candidate.After), Place(candidate.Undone), Place(candidate.Again)))];
    }

    /// <summary>What its client had accepted before it, and was stored.</summary>
    private static HistoryOperation? Before(IReadOnlyList<HistoryOperation> history, HistoryOperation operation) => operation.Turn == 0 ? null : history
        .Where(other => other.Client == operation.Client && other.Turn > 0 && other.Turn < operation.Turn && other.Reply == HistoryReply.Done)
        .MaxBy(other => other.Turn);
}
