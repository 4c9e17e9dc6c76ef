namespace Shadowcat.Sessions.Inspector;

/// <summary>The newest events of a following. Each page takes them in their order, as fast as it can.</summary>
/// <remarks>An event is published when some page wants it, so nothing piles up while all pages are slow. A page that is slower than others, so that the event it wants is kept no more, is told that and reads by itself.</remarks>
/// <param name="next">The sequence of the first frame to come.</param>
internal sealed class RecentEvents(long next)
{
    private const int MaxCount = 16;
    private const int MaxBytes = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly List<FollowEvent> _events = [];
    private long _end;
    private long _next = next;
    private int _bytes;
    private TaskCompletionSource _published = NewSource();
    private TaskCompletionSource _wanted = NewSource();
    private bool _isComplete;
    private Exception? _failure;

    /// <summary>Where a page goes on that has all frames before a sequence.</summary>
    /// <returns>The number of the event that it takes first; null where these events do not go on there.</returns>
    public long? Find(long sequence)
    {
        lock (_lock)
        {
            if (_isComplete || _events is [.., { IsEnd: true }])
            {
                return null;
            }

            var index = _events.FindIndex(known => known.First <= sequence && sequence < known.Next);
            return index >= 0 ? _end - _events.Count + index : sequence == _next ? _end : null;
        }
    }

    /// <summary>Waits for an event.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The event; null where it is kept no more, or where none is to come.</returns>
    public async ValueTask<FollowEvent?> TakeAsync(long number, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task published;
            lock (_lock)
            {
                if (number < _end)
                {
                    var index = number - (_end - _events.Count);
                    return index < 0 ? null : _events[(int)index];
                }

                if (_isComplete)
                {
                    return _failure is null ? null : throw new InvalidOperationException("The following of a session failed.", _failure);
                }

                _wanted.TrySetResult();
                published = _published.Task;
            }

            await published.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds an event, and waits until a page wants the one behind it.</summary>
    public async ValueTask PublishAsync(FollowEvent added, CancellationToken cancellationToken)
    {
        Task wanted;
        lock (_lock)
        {
            _events.Add(added);
            _bytes += added.Data.Length;
            while (_events.Count > 1 && (_events.Count > MaxCount || _bytes > MaxBytes))
            {
                _bytes -= _events[0].Data.Length;
                _events.RemoveAt(0);
            }

            _end++;
            _next = added.HasFrames ? added.Next : _next;
            _wanted = NewSource();
            wanted = _wanted.Task;
            Wake();
        }

        await wanted.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>No more is published.</summary>
    /// <param name="failure">Why; null where that is as it should be.</param>
    public void Complete(Exception? failure = null)
    {
        lock (_lock)
        {
            (_isComplete, _failure) = (true, failure);
            Wake();
        }
    }

    private void Wake()
    {
        _published.SetResult();
        _published = NewSource();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
