namespace Shadowcat.Sessions;

/// <summary>The backlogs of all sessions. Guarded by the buffer's lock.</summary>
internal sealed class SessionBacklogs
{
    /// <summary>How many backlogs there are before the empty ones are removed.</summary>
    private const int Many = 10_000;

    private readonly Dictionary<SessionId, SessionBacklog> _byId = [];
    private int _sweepAt = Many;

    /// <summary>Whether what was left is given up: nobody works on it any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The backlog of a session; null where nothing came for it lately.</summary>
    public SessionBacklog? Find(SessionId id) => _byId.GetValueOrDefault(id);

    /// <summary>The backlog of a session, a new one where there is none.</summary>
    public SessionBacklog Of(SessionId id)
    {
        if (_byId.TryGetValue(id, out var backlog))
        {
            return backlog;
        }

        if (_byId.Count >= _sweepAt)
        {
            foreach (var idle in _byId.Values.Where(static idle => !idle.IsTaken).ToList())
            {
                _byId.Remove(idle.Id);
            }

            _sweepAt = Math.Max(Many, _byId.Count * 2);
        }

        _byId.Add(id, backlog = new SessionBacklog(id));
        return backlog;
    }

    /// <summary>Takes out what is left of all sessions, for good.</summary>
    /// <returns>Each call, and whether it may be done: what is on its way just now may still arrive, or has arrived.</returns>
    public List<(BufferedCall Call, bool MayBeDone)> Close()
    {
        IsClosed = true;
        var left = new List<(BufferedCall Call, bool MayBeDone)>();
        foreach (var backlog in _byId.Values)
        {
            left.AddRange((backlog.Step?.Calls ?? []).Select(call => (call, backlog.Step!.MayBeDone || !backlog.IsParked)));
            while (backlog.Waiting.First is { Value: var waiting })
            {
                backlog.Remove(waiting);
                left.Add((waiting, false));
            }
        }

        return left;
    }
}
