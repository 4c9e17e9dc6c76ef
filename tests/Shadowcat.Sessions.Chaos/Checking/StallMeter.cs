namespace Shadowcat.Sessions.Chaos.Checking;

/// <summary>Notes when this process itself did not get to run, so that nobody else is blamed for it.</summary>
internal sealed class StallMeter : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Negligible = TimeSpan.FromMilliseconds(25);

    private readonly Lock _lock = new();
    private readonly List<(TimeSpan From, TimeSpan To)> _stalls = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _measuring;

    public StallMeter() => _measuring = MeasureAsync();

    /// <summary>How much of a time the process stood still.</summary>
    public TimeSpan Within(TimeSpan from, TimeSpan to)
    {
        var sum = TimeSpan.Zero;
        lock (_lock)
        {
            for (var i = _stalls.Count - 1; i >= 0 && _stalls[i].To > from; i--)
            {
                var (begin, end) = (_stalls[i].From > from ? _stalls[i].From : from, _stalls[i].To < to ? _stalls[i].To : to);
                sum += end > begin ? end - begin : TimeSpan.Zero;
            }
        }

        return sum;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _measuring;
        _stopping.Dispose();
    }

    private async Task MeasureAsync()
    {
        var before = Clock.Now;
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(Interval, CancellationToken.None);
            var now = Clock.Now;
            if (now - before > Interval + Negligible)
            {
                lock (_lock)
                {
                    _stalls.Add((before + Interval, now));
                }
            }

            before = now;
        }
    }
}
