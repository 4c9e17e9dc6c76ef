namespace Shadowcat.Sessions;

/// <summary>A part of the ids: the calls on their way, and the lock that changes to the copies are made under. Reading a copy takes no lock.</summary>
internal sealed class CacheStripe
{
    private readonly List<CacheFlight> _flights = [];

    public Lock Lock { get; } = new();

    public void Add(CacheFlight flight) => _flights.Add(flight);

    public void Remove(CacheFlight flight) => _flights.Remove(flight);

    /// <summary>A read on its way whose answer somebody may wait for who asks now.</summary>
    public CacheFlight? FindRead(SessionId id) => _flights.Find(flight => flight is { IsCurrent: true, Answer: not null } && flight.Id == id);

    public void Note(in SessionChange change)
    {
        foreach (var flight in _flights)
        {
            if (flight.Id == change.Id)
            {
                flight.Note(change);
            }
        }
    }

    public void Note(in SessionActivity activity)
    {
        foreach (var flight in _flights)
        {
            if (flight.Id == activity.Id)
            {
                flight.Note(activity);
            }
        }
    }
}
