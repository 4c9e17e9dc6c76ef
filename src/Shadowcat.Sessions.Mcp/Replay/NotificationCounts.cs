namespace Shadowcat.Sessions.Mcp;

/// <summary>Counts the notifications of a server by method, beside those of the recorded server.</summary>
internal sealed class NotificationCounts
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (int Recorded, int Actual)> _counts = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NotificationCounts(RecordedMessages messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].IsFrom(MessageDirection.ServerToClient, MessageKind.Notification) && messages[i].Method is { } method)
            {
                var count = _counts.GetValueOrDefault(method);
                _counts[method] = (count.Recorded + 1, 0);
            }
        }

        CompleteIfAllCame();
    }

    /// <summary>Completes when there were as many of each as in the recording.</summary>
    public Task Complete => _complete.Task;

    public void Add(string method)
    {
        lock (_lock)
        {
            var count = _counts.GetValueOrDefault(method);
            _counts[method] = (count.Recorded, count.Actual + 1);
            CompleteIfAllCame();
        }
    }

    public IReadOnlyList<(string Method, int Recorded, int Actual)> Differences()
    {
        lock (_lock)
        {
            return [.. _counts.Where(count => count.Value.Recorded != count.Value.Actual).Select(count => (count.Key, count.Value.Recorded, count.Value.Actual))];
        }
    }

    private void CompleteIfAllCame()
    {
        if (_counts.Values.All(count => count.Actual >= count.Recorded))
        {
            _complete.TrySetResult();
        }
    }
}
