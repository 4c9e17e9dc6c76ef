namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Which life frames were meant for that a buffer accepted: the one that its process knew, where that certainly lived at that moment. Else any may take them in.</summary>
internal static class MeantLife
{
    /// <summary>The operation, with its life only where that is certain.</summary>
    public static HistoryOperation Of(IReadOnlyList<HistoryOperation> history, HistoryOperation operation) =>
        operation is { Call: HistoryCall.Append, Generation: > 0 } && !IsCertain(history, operation) ? operation with { Generation = 0 } : operation;

    private static bool IsCertain(IReadOnlyList<HistoryOperation> history, HistoryOperation operation)
    {
        if (history.FirstOrDefault(other => other.Call == HistoryCall.Create && other.Generation == operation.Generation && other.Reply == HistoryReply.Done) is not { } create
            || history.Any(other => other.Call == HistoryCall.Delete && other.Begun < operation.Begun && other.Latest > create.Begun && (other.Reply is HistoryReply.Done or HistoryReply.Unknown)))
        {
            return false;
        }

        return !(operation.Begun >= create.Begun + create.MaxLifetime)
            && (create.TimeToLive is not { } lifetime || history.Any(other => IsActivity(other) && other.Begun >= create.Begun && other.Begun + lifetime > operation.Begun && other.Latest <= operation.Begun));
    }

    private static bool IsActivity(HistoryOperation operation) =>
        operation.Reply == HistoryReply.Done && (operation.Call is HistoryCall.Create or HistoryCall.Append or HistoryCall.Touch);
}
