namespace Shadowcat.Sessions.Sqlite;

/// <summary>Which sessions are followed through this store: each with a task that completes when there may be more of it.</summary>
/// <remarks>What this process appends wakes the followers of that session at once; what others commit wakes all of them, when the watch has found it.</remarks>
internal sealed class FollowedSessions(FileWatch watch) : IFileWatcher
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SessionId, Followed> _sessions = [];

    /// <summary>Counts a follower. Whoever calls this has to call <see cref="Leave"/>.</summary>
    public void Enter(SessionId id)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(id, out var followed))
            {
                _sessions[id] = followed = new Followed();
                if (_sessions.Count == 1)
                {
                    watch.Add(this);
                }
            }

            followed.Followers++;
        }
    }

    public void Leave(SessionId id)
    {
        lock (_lock)
        {
            if (--_sessions[id].Followers == 0)
            {
                _sessions.Remove(id);
                if (_sessions.Count == 0)
                {
                    watch.Remove(this);
                }
            }
        }
    }

    /// <summary>Completes when there may be more of a session, next time. It is asked for before the session is read.</summary>
    public Task NextChange(SessionId id)
    {
        lock (_lock)
        {
            return _sessions[id].Changed.Task;
        }
    }

    /// <summary>Wakes the followers of a session.</summary>
    public void Wake(SessionId id)
    {
        lock (_lock)
        {
            if (_sessions.Count > 0 && _sessions.TryGetValue(id, out var followed))
            {
                followed.Wake();
            }
        }
    }

    public void OnLooked(StoreConnection connection, bool hasChanged, long timestamp)
    {
        if (hasChanged)
        {
            WakeAll();
        }
    }

    /// <summary>What cannot be looked at may have changed.</summary>
    public void OnFailed(Exception exception) => WakeAll();

    private void WakeAll()
    {
        lock (_lock)
        {
            foreach (var followed in _sessions.Values)
            {
                followed.Wake();
            }
        }
    }

    private sealed class Followed
    {
        public int Followers { get; set; }

        public TaskCompletionSource Changed { get; private set; } = NewChange();

        public void Wake()
        {
            Changed.SetResult();
            Changed = NewChange();
        }

        private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
