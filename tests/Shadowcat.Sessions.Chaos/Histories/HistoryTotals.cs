namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>What the clients of a run were answered in all.</summary>
internal sealed class HistoryTotals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);

    /// <summary>How many frames were acknowledged.</summary>
    public long Appended { get; private set; }

    /// <summary>What callers got instead of an answer, and how often.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>How long the longest call took that the operation timeout bounds.</summary>
    public TimeSpan Longest { get; private set; }

    public void Add(IEnumerable<HistoryOperation> operations)
    {
        lock (_lock)
        {
            foreach (var operation in operations)
            {
                if (operation is { Call: HistoryCall.Append, Reply: HistoryReply.Done })
                {
                    Appended += operation.Frames.Length;
                }

                if (operation.Reply is HistoryReply.NotDone or HistoryReply.Unknown or HistoryReply.LossTold && operation.Error?.Split(':')[0] is { } failure)
                {
                    _failures[failure] = _failures.GetValueOrDefault(failure) + 1;
                }

                if (operation.Turn == 0 && operation.Call is not (HistoryCall.Read or HistoryCall.Follow) && operation.Ended - operation.Begun > Longest)
                {
                    Longest = operation.Ended - operation.Begun;
                }
            }
        }
    }
}
