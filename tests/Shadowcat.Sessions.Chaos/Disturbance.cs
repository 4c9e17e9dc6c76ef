namespace Shadowcat.Sessions.Chaos;

/// <summary>One thing that went wrong, from its beginning until every participant works again.</summary>
/// <param name="participants">How many callers have to work again.</param>
internal sealed class Disturbance(int participants)
{
    private readonly Lock _lock = new();
    private readonly TimeSpan?[] _working = new TimeSpan?[participants];
    private TimeSpan _lastFailure;

    /// <summary>When it began.</summary>
    public TimeSpan Begun { get; private set; } = Clock.Now;

    /// <summary>When the server, or the network, was whole again.</summary>
    public TimeSpan? Returned { get; private set; }

    /// <summary>Whether every participant has succeeded since the return.</summary>
    public bool IsOver
    {
        get
        {
            lock (_lock)
            {
                return Returned is not null && Array.TrueForAll(_working, static moment => moment is not null);
            }
        }
    }

    /// <summary>From the return to the first success of the last participant, or to the last failure if that was later.</summary>
    public TimeSpan Recovery
    {
        get
        {
            lock (_lock)
            {
                return _working.Append(_lastFailure).Max(moment => moment ?? TimeSpan.Zero) - Returned!.Value is { Ticks: > 0 } recovery ? recovery : TimeSpan.Zero;
            }
        }
    }

    /// <summary>From the beginning until everybody works again.</summary>
    public TimeSpan Total => Returned!.Value + Recovery - Begun;

    /// <summary>Notes that it begins now and not when it was prepared.</summary>
    public void Begin() => Begun = Clock.Now;

    /// <summary>Notes that what was broken is whole again.</summary>
    public void Return()
    {
        lock (_lock)
        {
            Returned = Clock.Now;
        }
    }

    /// <summary>Notes the end of a participant's call.</summary>
    public void Note(int participant, bool succeeded)
    {
        lock (_lock)
        {
            if (Returned is null)
            {
                return;
            }

            if (succeeded)
            {
                _working[participant] ??= Clock.Now;
            }
            else
            {
                _lastFailure = Clock.Now;
            }
        }
    }
}
