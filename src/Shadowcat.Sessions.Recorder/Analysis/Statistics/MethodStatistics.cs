namespace Shadowcat.Sessions.Recorder.Analysis.Statistics;

/// <summary>The figures of a method. Of each answered call only its duration is kept.</summary>
internal sealed class MethodStatistics
{
    private const int Percent = 100;

    private readonly List<long> _durations = [];
    private bool _isSorted = true;

    /// <summary>How often it was asked for, or sent.</summary>
    public long Calls { get; private set; }

    /// <summary>How many calls were answered with an error, or by a tool with the word that it failed.</summary>
    public long Errors { get; private set; }

    /// <summary>How many calls were not answered.</summary>
    public long Unanswered => IsNotification ? 0 : Calls - _durations.Count;

    /// <summary>The bytes of requests and answers together.</summary>
    public long Bytes { get; private set; }

    /// <summary>The call that took longest; null where none was answered.</summary>
    public SlowestCall? Slowest { get; private set; }

    /// <summary>Whether it asks for no answer.</summary>
    public required bool IsNotification { get; init; }

    public void Ask(long bytes)
    {
        Calls++;
        Bytes += bytes;
    }

    public void Answer(Call call, MessageEnvelope answer, bool isError)
    {
        // Clocks are set back.
        var duration = answer.Timestamp > call.At ? answer.Timestamp - call.At : TimeSpan.Zero;
        Bytes += RecordedLength.Of(answer);
        Errors += isError ? 1 : 0;
        _durations.Add(duration.Ticks);
        _isSorted = false;
        if (Slowest is null || duration > Slowest.Duration)
        {
            Slowest = new SlowestCall(duration, answer.SessionId, call.Sequence);
        }
    }

    /// <summary>The duration that so many of a hundred calls do not exceed: that of a call, none in between. Null where none was answered.</summary>
    public TimeSpan? Percentile(int percent)
    {
        if (_durations.Count == 0)
        {
            return null;
        }

        if (!_isSorted)
        {
            _durations.Sort();
            _isSorted = true;
        }

        var rank = (((long)_durations.Count * percent) + Percent - 1) / Percent;
        return TimeSpan.FromTicks(_durations[(int)Math.Max(rank, 1) - 1]);
    }
}
