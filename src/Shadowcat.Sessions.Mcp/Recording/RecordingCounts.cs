using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Counts the messages that were recorded and those that were dropped, and logs the dropped ones once a minute at most.</summary>
internal sealed class RecordingCounts(TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private long _recorded;
    private long _dropped;
    private long _logged;
    private long _nextLog = long.MinValue;

    public long Recorded => Interlocked.Read(ref _recorded);

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Record(int messages)
    {
        Interlocked.Add(ref _recorded, messages);
        RecordingMetrics.Recorded.Add(messages);
    }

    /// <param name="messages">How many.</param>
    /// <param name="reason">One of <see cref="DropReason"/>.</param>
    public void Drop(int messages, string reason)
    {
        if (messages == 0)
        {
            return;
        }

        Interlocked.Add(ref _dropped, messages);
        RecordingMetrics.Dropped.Add(messages, new KeyValuePair<string, object?>("reason", reason));
        var now = clock.GetTimestamp();
        var next = Interlocked.Read(ref _nextLog);
        if (now >= next && Interlocked.CompareExchange(ref _nextLog, now + (long)(LogInterval.TotalSeconds * clock.TimestampFrequency), next) == next)
        {
            LogDropped(reason);
        }
    }

    /// <summary>Logs nothing until <see cref="LogDropped"/>.</summary>
    public void HoldLog() => Interlocked.Exchange(ref _nextLog, long.MaxValue);

    /// <summary>Logs how many were dropped since the last time.</summary>
    public void LogDropped(string reason)
    {
        var dropped = Dropped;
        var logged = Interlocked.Exchange(ref _logged, dropped);
        if (dropped > logged)
        {
            RecordingLog.Dropped(logger, dropped - logged, reason);
        }
    }
}
