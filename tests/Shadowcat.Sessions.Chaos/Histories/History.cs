namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>What was done to one session id, and what its clients were answered.</summary>
/// <param name="id">The id, which is created, ended and created anew.</param>
/// <param name="name">What reports call it.</param>
internal sealed class History(SessionId id, string name)
{
    /// <summary>How many lives there may be at most: the model has a bit for each.</summary>
    public const int MostLives = 60;

    private readonly Lock _lock = new();
    private readonly List<HistoryOperation> _operations = [];
    private readonly List<Guid> _lives = [];
    private int _frames;
    private int _values;

    public SessionId Id => id;

    public string Name => name;

    public TimeSpan Begun { get; } = Clock.Now;

    /// <summary>How many operations there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _operations.Count;
            }
        }
    }

    /// <summary>The newest life whose create was begun.</summary>
    public int Newest
    {
        get
        {
            lock (_lock)
            {
                return _lives.Count;
            }
        }
    }

    /// <summary>The operations so far.</summary>
    public List<HistoryOperation> Operations()
    {
        lock (_lock)
        {
            return [.. _operations];
        }
    }

    public void Add(HistoryOperation operation)
    {
        lock (_lock)
        {
            _operations.Add(operation);
        }
    }

    /// <summary>Gives a new life its number, from 1.</summary>
    public int Begin(Guid generation)
    {
        lock (_lock)
        {
            _lives.Add(generation);
            return _lives.Count;
        }
    }

    /// <summary>The number of a life; -1 for one that nobody began.</summary>
    public int LifeOf(Guid generation)
    {
        lock (_lock)
        {
            return _lives.IndexOf(generation) is var place and >= 0 ? place + 1 : -1;
        }
    }

    /// <summary>A number for a frame, or a value for an update, that no other has.</summary>
    public int NextFrame() => Interlocked.Increment(ref _frames);

    public int NextValue() => Interlocked.Increment(ref _values);
}
