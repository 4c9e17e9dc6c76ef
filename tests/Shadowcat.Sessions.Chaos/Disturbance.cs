namespace Shadowcat.Sessions.Chaos;

/// <summary>One thing that went wrong, from its beginning until every session works again.</summary>
/// <param name="sessions">The sessions that have to work again.</param>
internal sealed class Disturbance(IReadOnlyList<SessionId> sessions)
{
    private readonly Lock _lock = new();
    private readonly TimeSpan?[] _working = new TimeSpan?[sessions.Count];
    private Func<SessionId, bool> _affects = static _ => true;
    private TimeSpan _lastFailure;
    private int _collateral;
    private bool _hasEnded;

    public IReadOnlyList<SessionId> Sessions => sessions;

    /// <summary>When it began.</summary>
    public TimeSpan Begun { get; private set; } = Clock.Now;

    /// <summary>When the server, or the network, was whole again.</summary>
    public TimeSpan? Returned { get; private set; }

    /// <summary>How many calls failed for sessions that it should not have touched.</summary>
    public int Collateral
    {
        get
        {
            lock (_lock)
            {
                return _collateral;
            }
        }
    }

    /// <summary>Whether a call for every session has succeeded since the return.</summary>
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

    /// <summary>From the return to the first success for the last session, or to the last failure if that was later.</summary>
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

    /// <summary>From the beginning until everything works again.</summary>
    public TimeSpan Total => Returned!.Value + Recovery - Begun;

    /// <summary>Notes that it begins now and not when it was prepared.</summary>
    /// <param name="affects">Which sessions may be touched by it.</param>
    public void Begin(Func<SessionId, bool> affects)
    {
        lock (_lock)
        {
            (Begun, _affects) = (Clock.Now, affects);
        }
    }

    /// <summary>Notes that what was broken is whole again.</summary>
    public void Return()
    {
        lock (_lock)
        {
            Returned = Clock.Now;
        }
    }

    /// <summary>Notes that everything was in peace again: what goes wrong from here on is not its doing.</summary>
    public void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
        }
    }

    /// <summary>Notes the end of a call for one of the sessions.</summary>
    public void Note(int session, bool succeeded)
    {
        lock (_lock)
        {
            if (_hasEnded)
            {
                return;
            }

            if (!succeeded && !_affects(sessions[session]))
            {
                _collateral++;
            }

            if (Returned is null)
            {
                return;
            }

            if (succeeded)
            {
                _working[session] ??= Clock.Now;
            }
            else
            {
                _lastFailure = Clock.Now;
            }
        }
    }
}
