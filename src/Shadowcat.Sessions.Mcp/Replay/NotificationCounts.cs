namespace Shadowcat.Sessions.Mcp;

/// <summary>How often a server notifies of what, and how often the recorded one did.</summary>
internal sealed class NotificationCounts
{
    /// <summary>How long after the last answer a notification may come that the recording has.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

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
    }

    public void Add(string method)
    {
        lock (_lock)
        {
            var count = _counts.GetValueOrDefault(method);
            _counts[method] = (count.Recorded, count.Actual + 1);
            if (IsComplete)
            {
                _complete.TrySetResult();
            }
        }
    }

    /// <summary>Waits a moment for those that are missing.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (IsComplete)
            {
                return;
            }
        }

        try
        {
            await _complete.Task.WaitAsync(Grace, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // They do not come, which the differences say.
        }
    }

    public IReadOnlyList<(string Method, int Recorded, int Actual)> Differences()
    {
        lock (_lock)
        {
            return [.. _counts.Where(count => count.Value.Recorded != count.Value.Actual).Select(count => (count.Key, count.Value.Recorded, count.Value.Actual))];
        }
    }

    private bool IsComplete => _counts.Values.All(count => count.Actual >= count.Recorded);
}
