namespace Shadowcat.Sessions;

/// <summary>A part of the ids: the calls that are under way, and the lock for changes to the copies. Reading a copy takes no lock.</summary>
internal sealed class CacheStripe
{
    private readonly List<PendingCall> _pending = [];

    public Lock Lock { get; } = new();

    public void Add(PendingCall pending) => _pending.Add(pending);

    public void Remove(PendingCall pending) => _pending.Remove(pending);

    /// <summary>A read that is under way and whose answer a caller that comes now may wait for.</summary>
    public PendingCall? FindRead(SessionId id) => _pending.Find(pending => pending is { IsCurrent: true, Answer: not null } && pending.Id == id);

    public void Note(in SessionChange change)
    {
        foreach (var pending in _pending)
        {
            if (pending.Id == change.Id)
            {
                pending.Note(change);
            }
        }
    }

    public void Note(in SessionActivity activity)
    {
        foreach (var pending in _pending)
        {
            if (pending.Id == activity.Id)
            {
                pending.Note(activity);
            }
        }
    }
}
