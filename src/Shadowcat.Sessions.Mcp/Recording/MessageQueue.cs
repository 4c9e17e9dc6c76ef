using System.Threading.Channels;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The messages that wait to be written to the store, in the order in which they were received; bounded in number and in bytes.</summary>
/// <remarks>A message counts until it is written, also after it was taken from here, so the bounds hold for all the memory of the recording.</remarks>
internal sealed class MessageQueue(SessionRecordingOptions options, TimeProvider clock)
{
    /// <summary>So many messages are worth a call of the store by themselves.</summary>
    private const int FullBatch = 256;

    private readonly Channel<QueueEntry> _entries =
        Channel.CreateUnbounded<QueueEntry>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = false });

    // Held for no longer than it takes to look at the clock: the times of both directions follow their order.
    private readonly Lock _lock = new();
    private TaskCompletionSource? _capacityFreed;
    private TaskCompletionSource? _batchDelay;
    private bool _isFlushRequested;
    private int _messages;
    private long _bytes;
    private bool _isComplete;

    /// <summary>Whether one more message may be accepted; cheap, and only a guess.</summary>
    public bool MayHaveCapacity =>
        Volatile.Read(ref _isComplete) || (Volatile.Read(ref _messages) < options.MaxQueuedMessages && Volatile.Read(ref _bytes) < options.MaxQueuedBytes);

    /// <summary>The entries, for their one reader.</summary>
    public ChannelReader<QueueEntry> Entries => _entries.Reader;

    /// <summary>How many messages are not written yet.</summary>
    public int Count => Volatile.Read(ref _messages);

    /// <summary>Whether what is queued is written without waiting for more: there is enough for a batch, or somebody waits for it.</summary>
    private bool IsDue =>
        _isComplete
        || _isFlushRequested
        || _capacityFreed is not null
        || _messages >= Math.Min(FullBatch, (options.MaxQueuedMessages + 1) / 2)
        || _bytes >= options.MaxQueuedBytes / 2;

    /// <summary>Completes when what is queued is to be written: after <see cref="SessionRecordingOptions.WriteDelay"/> at the latest.</summary>
    /// <remarks>With a call of the store for each message, the store, its client and the server would be busy beside every step of a conversation.</remarks>
    public async Task WaitForBatchAsync()
    {
        if (options.WriteDelay > TimeSpan.Zero && TryBeginBatchDelay() is { } delay)
        {
            var timer = clock.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), delay, options.WriteDelay, Timeout.InfiniteTimeSpan);
            await using (timer.ConfigureAwait(false))
            {
                await delay.Task.ConfigureAwait(false);
            }
        }

        lock (_lock)
        {
            _batchDelay = null;
            _isFlushRequested = false;
        }
    }

    /// <summary>Adds a message, where the queue has capacity and the session has not ended.</summary>
    /// <param name="session">Its session.</param>
    /// <param name="message">The message.</param>
    /// <param name="ignoresCapacity">Whether it is accepted also where the queue is full.</param>
    public Admission TryAdd(RecordedSession session, RecordedMessage message, bool ignoresCapacity = false)
    {
        lock (_lock)
        {
            if (_isComplete)
            {
                return Admission.Stopped;
            }

            if (session.HasEnded)
            {
                return Admission.SessionEnded;
            }

            // The first one is accepted whatever its size: a message is not larger than the memory it is in already.
            if (!ignoresCapacity && (_messages >= options.MaxQueuedMessages || (_messages > 0 && _bytes + message.Payload.Length > options.MaxQueuedBytes)))
            {
                return Admission.Full;
            }

            _messages++;
            _bytes += message.Payload.Length;
            session.LastReceived = clock.GetTimestamp();
            _entries.Writer.TryWrite(new QueueEntry(session, clock.GetUtcNow(), message, session.TakeDropped(), End: null));
            if (IsDue)
            {
                _batchDelay?.TrySetResult();
            }

            return Admission.Accepted;
        }
    }

    /// <summary>Counts a message of the session that is not recorded.</summary>
    public void Drop(RecordedSession session)
    {
        lock (_lock)
        {
            session.Dropped++;
        }
    }

    /// <summary>Queues the end of a session behind its messages; false where it has ended already.</summary>
    public bool TryEnd(RecordedSession session, SessionEnd end)
    {
        lock (_lock)
        {
            if (_isComplete || session.HasEnded)
            {
                return false;
            }

            session.HasEnded = !end.IsIdle;
            RequestFlush();
            return _entries.Writer.TryWrite(new QueueEntry(session, clock.GetUtcNow(), Message: null, session.TakeDropped(), end));
        }
    }

    /// <summary>Queues a touch of a session that is open without new messages.</summary>
    public void KeepAlive(RecordedSession session)
    {
        lock (_lock)
        {
            if (!_isComplete && !session.HasEnded)
            {
                _entries.Writer.TryWrite(new QueueEntry(session, clock.GetUtcNow(), Message: null, session.TakeDropped(), End: null));
            }
        }
    }

    /// <summary>Frees the capacity of messages that were written or dropped.</summary>
    public void Release(int messages, long bytes)
    {
        lock (_lock)
        {
            _messages -= messages;
            _bytes -= bytes;
            _capacityFreed?.TrySetResult();
            _capacityFreed = null;
        }
    }

    /// <summary>Completes when capacity was freed since a message found the queue full, or the queue is complete.</summary>
    public Task WaitForCapacityAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // While there are messages, one of them will free its own.
            if (_isComplete || _messages == 0)
            {
                return Task.CompletedTask;
            }

            _capacityFreed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            RequestFlush();
            return _capacityFreed.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Accepts no further entries.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            RequestFlush();
            _entries.Writer.TryComplete();
            _capacityFreed?.TrySetResult();
            _capacityFreed = null;
        }
    }

    private TaskCompletionSource? TryBeginBatchDelay()
    {
        lock (_lock)
        {
            return _batchDelay = IsDue ? null : new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void RequestFlush()
    {
        _isFlushRequested = true;
        _batchDelay?.TrySetResult();
    }
}
