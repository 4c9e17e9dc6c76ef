using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Collects which sessions changed, each once, until a page is told of them.</summary>
internal sealed class ChangeSet : ISessionChangeListener
{
    /// <summary>Of more it is only known that there were more.</summary>
    private const int MaxIds = 500;

    private readonly Lock _lock = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, AllowSynchronousContinuations = false });
    private ConcurrentDictionary<SessionId, bool> _ids = new();
    private int _count;
    private volatile bool _isIncomplete;

    public void OnSubscribed() => Add(null);

    public void OnInterrupted()
    {
        // What changes meanwhile is covered when the listener is subscribed again.
    }

    public void OnChanged(in SessionChange change) => Add(change.Id);

    /// <remarks>Called for every append, so one that says nothing new takes no lock. The set is still the one that will be taken where it is the same behind the look into it.</remarks>
    public void OnActivity(in SessionActivity activity)
    {
        var ids = Volatile.Read(ref _ids);
        if (!(_isIncomplete || ids.ContainsKey(activity.Id)) || !ReferenceEquals(ids, Volatile.Read(ref _ids)))
        {
            Add(activity.Id);
        }
    }

    /// <summary>Completes when something has changed.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _signal.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes what has changed.</summary>
    /// <returns>The sessions, and whether there may be others.</returns>
    public (IReadOnlyCollection<SessionId> Ids, bool IsIncomplete) Take()
    {
        lock (_lock)
        {
            _signal.Reader.TryRead(out _);
            var isIncomplete = _isIncomplete;
            (_isIncomplete, _count) = (false, 0);
            return ([.. Interlocked.Exchange(ref _ids, new()).Keys], isIncomplete);
        }
    }

    /// <summary>Adds what another set collected.</summary>
    public void Add(IReadOnlyCollection<SessionId> ids, bool isIncomplete)
    {
        foreach (var id in ids)
        {
            Add(id);
        }

        if (isIncomplete)
        {
            Add(null);
        }
    }

    private void Add(SessionId? id)
    {
        lock (_lock)
        {
            if (id is { } known && (_ids.ContainsKey(known) || _count < MaxIds))
            {
                _count += _ids.TryAdd(known, true) ? 1 : 0;
            }
            else
            {
                _isIncomplete = true;
            }

            _signal.Writer.TryWrite(true);
        }
    }
}
