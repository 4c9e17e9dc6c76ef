using System.Threading.Channels;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The messages on their way to the store, in the order in which they were seen; bounded in number and in bytes.</summary>
/// <remarks>What the writer has taken counts until it is written, so the bounds hold for all the memory of the recording.</remarks>
internal sealed class RecordingQueue(SessionRecordingOptions options, TimeProvider clock)
{
    /// <summary>So many messages are worth a call of the store by themselves.</summary>
    private const int FullCall = 256;

    private readonly Channel<QueuedMessage> _entries =
        Channel.CreateUnbounded<QueuedMessage>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = false });

    // Held for no longer than it takes to look at the clock: the times of both directions follow their order.
    private readonly Lock _lock = new();
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _gathering;
    private bool _isPressing;
    private int _messages;
    private long _bytes;
    private bool _isComplete;

    /// <summary>Tells whether one more message may find room; cheap, and only a guess.</summary>
    public bool MayHaveRoom =>
        Volatile.Read(ref _isComplete) || (Volatile.Read(ref _messages) < options.MaxQueuedMessages && Volatile.Read(ref _bytes) < options.MaxQueuedBytes);

    /// <summary>The entries, for the one that writes them.</summary>
    public ChannelReader<QueuedMessage> Entries => _entries.Reader;

    /// <summary>How many messages are on their way.</summary>
    public int Count => Volatile.Read(ref _messages);

    /// <summary>Whether what is here is not to wait for more: it is enough, or somebody waits for it.</summary>
    private bool IsPressing =>
        _isComplete
        || _isPressing
        || _room is not null
        || _messages >= Math.Min(FullCall, (options.MaxQueuedMessages + 1) / 2)
        || _bytes >= options.MaxQueuedBytes / 2;

    /// <summary>Completes when what is here is to be written.</summary>
    /// <remarks>A call of the store for each message would have the store, its client and the server at work beside every step of a conversation.</remarks>
    public async Task GatherAsync()
    {
        if (options.WriteDelay > TimeSpan.Zero && TryBeginGathering() is { } gathering)
        {
            var timer = clock.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), gathering, options.WriteDelay, Timeout.InfiniteTimeSpan);
            await using (timer.ConfigureAwait(false))
            {
                await gathering.Task.ConfigureAwait(false);
            }
        }

        lock (_lock)
        {
            _gathering = null;
            _isPressing = false;
        }
    }

    /// <summary>Adds a message where there is room and its session goes on.</summary>
    /// <param name="session">Its session.</param>
    /// <param name="message">The message.</param>
    /// <param name="isUrgent">Whether it is taken also where there is no room.</param>
    public Admission TryAdd(RecordedSession session, RecordedMessage message, bool isUrgent = false)
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

            // The first one is taken whatever its size: a message is not larger than the memory it is in already.
            if (!isUrgent && (_messages >= options.MaxQueuedMessages || (_messages > 0 && _bytes + message.Payload.Length > options.MaxQueuedBytes)))
            {
                return Admission.Full;
            }

            _messages++;
            _bytes += message.Payload.Length;
            session.LastSeen = clock.GetTimestamp();
            _entries.Writer.TryWrite(new QueuedMessage(session, clock.GetUtcNow(), message, session.TakeDropped(), End: null));
            if (IsPressing)
            {
                _gathering?.TrySetResult();
            }

            return Admission.Accepted;
        }
    }

    /// <summary>Notes that a message of the session was not recorded.</summary>
    public void Drop(RecordedSession session)
    {
        lock (_lock)
        {
            session.Dropped++;
        }
    }

    /// <summary>Says that nothing further comes in a session; false where that was said before.</summary>
    public bool TryEnd(RecordedSession session, SessionEnd end)
    {
        lock (_lock)
        {
            if (_isComplete || session.HasEnded)
            {
                return false;
            }

            session.HasEnded = !end.IsSilence;
            Press();
            return _entries.Writer.TryWrite(new QueuedMessage(session, clock.GetUtcNow(), Message: null, session.TakeDropped(), end));
        }
    }

    /// <summary>Says that something is open in a session.</summary>
    public void KeepAlive(RecordedSession session)
    {
        lock (_lock)
        {
            if (!_isComplete && !session.HasEnded)
            {
                _entries.Writer.TryWrite(new QueuedMessage(session, clock.GetUtcNow(), Message: null, session.TakeDropped(), End: null));
            }
        }
    }

    /// <summary>Makes room: messages were written, or given up.</summary>
    public void Release(int messages, long bytes)
    {
        lock (_lock)
        {
            _messages -= messages;
            _bytes -= bytes;
            _room?.TrySetResult();
            _room = null;
        }
    }

    /// <summary>Completes when room was made since a message found none, or none is needed any more.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // While there are messages, one of them will make room.
            if (_isComplete || _messages == 0)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Press();
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Says that nothing further comes.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            Press();
            _entries.Writer.TryComplete();
            _room?.TrySetResult();
            _room = null;
        }
    }

    private TaskCompletionSource? TryBeginGathering()
    {
        lock (_lock)
        {
            return _gathering = IsPressing ? null : new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Press()
    {
        _isPressing = true;
        _gathering?.TrySetResult();
    }
}
