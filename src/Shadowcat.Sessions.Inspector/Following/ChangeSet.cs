using System.Threading.Channels;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Collects which sessions changed, each once, until a page is told of them.</summary>
internal sealed class ChangeSet : ISessionChangeListener
{
    /// <summary>Of more it is only known that there were more.</summary>
    private const int MaxIds = 500;

    private readonly Lock _lock = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, AllowSynchronousContinuations = false });
    private HashSet<SessionId> _ids = [];
    private bool _isIncomplete;

    public void OnSubscribed() => Add(null);

    public void OnInterrupted()
    {
        // What changes meanwhile is covered when the listener is subscribed again.
    }

    public void OnChanged(in SessionChange change) => Add(change.Id);

    public void OnActivity(in SessionActivity activity) => Add(activity.Id);

    /// <summary>Completes when something has changed.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _signal.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes what has changed.</summary>
    /// <returns>The sessions, and whether there may be others.</returns>
    public (IReadOnlyCollection<SessionId> Ids, bool IsIncomplete) Take()
    {
        lock (_lock)
        {
            _signal.Reader.TryRead(out _);
            var taken = (_ids, _isIncomplete);
            (_ids, _isIncomplete) = ([], false);
            return taken;
        }
    }

    private void Add(SessionId? id)
    {
        lock (_lock)
        {
            if (id is { } known && (_ids.Count < MaxIds || _ids.Contains(known)))
            {
                _ids.Add(known);
            }
            else
            {
                _isIncomplete = true;
            }

            _signal.Writer.TryWrite(true);
        }
    }
}
