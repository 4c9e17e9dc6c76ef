using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>How many messages were recorded, and how many not; says so in the log, but not for every one.</summary>
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

    /// <summary>Says no more in the log until <see cref="LogDropped"/> says it all.</summary>
    public void HoldLog() => Interlocked.Exchange(ref _nextLog, long.MaxValue);

    /// <summary>Logs what was dropped since the last time.</summary>
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
