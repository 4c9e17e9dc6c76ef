using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Writes messages into a store in the background, so that recording neither slows down nor breaks a conversation.</summary>
/// <remarks>
/// <para>Messages go through one bounded queue. Where it is full, because the store is unavailable or slower than the conversations, <see cref="SessionRecordingOptions.WhenFull"/> decides whether
/// they are dropped and counted, or wait. Every message that reaches the store is there once, in the order in which it was recorded. The first frame behind a gap has the number of missing messages in
/// its metadata, as <c>recording.dropped</c>.</para>
/// <para>While the store is unavailable, it is tried again every 500 ms. A batch whose outcome is unknown is not written again, and counts as dropped.</para>
/// <para>All members may be called from any number of threads at the same time.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var recorder = new SessionRecorder(store);
/// var recording = recorder.Begin(new Session(SessionId.New(), TransportType.Stdio));
/// await recording.RecordAsync(MessageDirection.ClientToServer, payload);
/// recording.Close(SessionStatus.Completed, "the client left");
/// </code>
/// </example>
public sealed class SessionRecorder : IAsyncDisposable
{
    private static readonly SessionEnd Shutdown = new(SessionStatus.Completed, "the process stopped");

    private readonly MessageQueue _queue;
    private readonly RecordingCounts _counts;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _deadline;
    private readonly ITimer _sweep;
    private readonly Task _writing;
    private int _isDisposed;

    /// <summary>Begins to record with the default options.</summary>
    /// <param name="store">The store to write to. It is not disposed of.</param>
    /// <param name="logger">Logs what fails; null, the default, for no log.</param>
    /// <param name="timeProvider">The local time: when a message was received, and how long to wait; null, the default, for the system's.</param>
    public SessionRecorder(ISessionStore store, ILogger<SessionRecorder>? logger = null, TimeProvider? timeProvider = null)
        : this(store, new SessionRecordingOptions(), logger, timeProvider)
    {
    }

    /// <summary>Begins to record with the options of a container, which calls this for <c>AddSingleton&lt;SessionRecorder&gt;()</c>.</summary>
    /// <param name="store">The store to write to. It is not disposed of.</param>
    /// <param name="options">The options.</param>
    /// <param name="logger">Logs what fails; null, the default, for no log.</param>
    /// <param name="timeProvider">The local time: when a message was received, and how long to wait; null, the default, for the system's.</param>
    /// <exception cref="ArgumentNullException">The store or the options are null.</exception>
    /// <exception cref="OptionsValidationException">An option is out of bounds.</exception>
    public SessionRecorder(ISessionStore store, IOptions<SessionRecordingOptions> options, ILogger<SessionRecorder>? logger = null, TimeProvider? timeProvider = null)
        : this(store, (options ?? throw new ArgumentNullException(nameof(options))).Value, logger, timeProvider)
    {
    }

    /// <summary>Begins to record with options.</summary>
    /// <param name="store">The store to write to. It is not disposed of.</param>
    /// <param name="options">The options; null for the defaults. They must not change later.</param>
    /// <param name="logger">Logs what fails; null, the default, for no log.</param>
    /// <param name="timeProvider">The local time: when a message was received, and how long to wait; null, the default, for the system's.</param>
    /// <exception cref="ArgumentNullException">The store is null.</exception>
    /// <exception cref="OptionsValidationException">An option is out of bounds.</exception>
    public SessionRecorder(
        ISessionStore store, SessionRecordingOptions? options, ILogger<SessionRecorder>? logger = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        Store = store;
        Options = OptionRules.Checked(options ?? new SessionRecordingOptions(), SessionRecordingOptionsValidator.Instance);
        Clock = timeProvider ?? TimeProvider.System;
        Logger = logger ?? NullLogger<SessionRecorder>.Instance;
        _counts = new RecordingCounts(Clock, Logger);
        _queue = new MessageQueue(Options, Clock);
        _deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, Clock);
        Open = new OpenSessions(Options.MaxOpenSessions, Clock);
        Upkeep = new SessionUpkeep(Open, _queue, Options);

        var calls = new StoreCalls(Clock, Logger, _ending.Token, _deadline.Token);
        var continuations = new Continuations(store, calls);
        var bounds = new ClientBounds(store, Options, Clock);
        var opener = new SessionOpener(store, calls, continuations, bounds, Options, Clock);
        var frames = new FrameFactory(Options, bounds, Clock, Logger, _deadline.Token);
        var sessions = new SessionWriter(store, calls, opener, continuations, frames, bounds, Options, _counts, Clock, Logger, _deadline.Token);
        var queues = new SessionQueues(_queue, sessions, _counts, Clock, Logger);

        // The execution context of the caller, such as its activity, must not flow into all later writes.
        using (ExecutionContext.SuppressFlow())
        {
            _writing = Task.Run(queues.RunAsync);
            _sweep = Clock.CreateTimer(_ => Upkeep.Sweep(), state: null, Upkeep.Interval, Upkeep.Interval);
        }
    }

    /// <summary>The store that it writes to.</summary>
    public ISessionStore Store { get; }

    /// <summary>How many messages were written to the store.</summary>
    public long RecordedMessages => _counts.Recorded;

    /// <summary>How many messages were dropped: the queue was full, the store failed or refused them, or a redactor failed. Messages whose outcome is unknown count as dropped.</summary>
    public long DroppedMessages => _counts.Dropped;

    /// <summary>How many messages are queued or being written.</summary>
    public int QueuedMessages => _queue.Count;

    internal OpenSessions Open { get; }

    internal SessionUpkeep Upkeep { get; }

    internal SessionRecordingOptions Options { get; }

    internal ILogger Logger { get; }

    internal TimeProvider Clock { get; }

    /// <summary>Whether messages need not wait for capacity.</summary>
    internal bool HasCapacity => Options.WhenFull == RecordingOverflow.Drop || _queue.MayHaveCapacity;

    /// <summary>Begins to record a session whose messages the caller receives, such as a proxy.</summary>
    /// <param name="session">The session. It is created with its first message; peers and versions are filled in from its messages.</param>
    /// <returns>The recording. Close it when the conversation is over. Disposing of the recorder closes those that are open.</returns>
    /// <exception cref="ArgumentNullException">The session is null.</exception>
    /// <exception cref="ObjectDisposedException">The recorder has been disposed of.</exception>
    public SessionRecording Begin(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        return new SessionRecording(this, Connect(session));
    }

    /// <summary>Writes what is queued, for <see cref="SessionRecordingOptions.DrainTimeout"/> at most, and closes the sessions that are open. No session can begin after that. Messages of recordings that had begun are dropped and counted, since recording never breaks a conversation.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            await _writing.ConfigureAwait(false);
            return;
        }

        await _sweep.DisposeAsync().ConfigureAwait(false);
        foreach (var (session, end) in Upkeep.TakeAll())
        {
            if (!Migrates(session) && (Options.CloseOnShutdown || !session.IsShared))
            {
                _queue.TryEnd(session, end ?? Shutdown);
            }
        }

        _counts.HoldLog();
        _queue.Complete();
        _deadline.CancelAfter(Options.DrainTimeout);
        await _ending.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        _counts.LogDropped(DropReason.Stopped);
        _ending.Dispose();
        _deadline.Dispose();
    }

    /// <summary>Begins to record a session that lasts as long as a connection.</summary>
    /// <param name="session">The session.</param>
    /// <param name="getEnd">Returns how the connection ended, or null where it has not; null where that is not known.</param>
    internal RecordedSession Connect(Session session, Func<SessionEnd?>? getEnd = null)
    {
        var recorded = new RecordedSession(session);
        Upkeep.Hold(recorded, getEnd);
        return recorded;
    }

    /// <summary>Records a message, or drops it where the queue is full.</summary>
    internal bool TryRecord(RecordedSession session, RecordedMessage message)
    {
        var admission = _queue.TryAdd(session, message);
        if (admission == Admission.Accepted)
        {
            return true;
        }

        Drop(session, admission);
        return false;
    }

    /// <summary>Records a message. Where the queue is full, waits or drops it, as the options say.</summary>
    internal ValueTask<bool> RecordAsync(RecordedSession session, RecordedMessage message, CancellationToken cancellationToken)
    {
        var admission = _queue.TryAdd(session, message);
        if (admission == Admission.Full && Options.WhenFull == RecordingOverflow.Wait)
        {
            return WaitAsync(session, message, cancellationToken);
        }

        if (admission != Admission.Accepted)
        {
            Drop(session, admission);
        }

        return ValueTask.FromResult(admission == Admission.Accepted);
    }

    /// <summary>Records a message of the SDK. Where the queue is full, waits or drops it, as the options say.</summary>
    internal ValueTask<bool> RecordAsync(
        RecordedSession session, MessageDirection direction, JsonRpcMessage message, MessageFacts facts, CancellationToken cancellationToken)
    {
        if (Options.WhenFull == RecordingOverflow.Drop && !_queue.MayHaveCapacity)
        {
            // Serializing it would be in vain.
            Drop(session, Admission.Full);
            return ValueTask.FromResult(false);
        }

        return RecordAsync(session, new RecordedMessage(direction, MessageBytes.Of(message), facts), cancellationToken);
    }

    /// <summary>Records a message of the SDK that cannot wait: where the options say to wait, it is accepted beyond the capacity.</summary>
    internal void Record(RecordedSession session, MessageDirection direction, JsonRpcMessage message, MessageFacts facts)
    {
        var mayDrop = Options.WhenFull == RecordingOverflow.Drop;
        var admission = mayDrop && !_queue.MayHaveCapacity
            ? Admission.Full
            : _queue.TryAdd(session, new RecordedMessage(direction, MessageBytes.Of(message), facts), ignoresCapacity: !mayDrop);
        if (admission != Admission.Accepted)
        {
            Drop(session, admission);
        }
    }

    /// <summary>Completes when messages need not wait for capacity.</summary>
    internal async ValueTask WaitForCapacityAsync(CancellationToken cancellationToken)
    {
        while (!HasCapacity)
        {
            await _queue.WaitForCapacityAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Counts a message that could not be recorded, so that the next frame of its session notes that it is missing.</summary>
    /// <param name="session">Its session; null where it was not found.</param>
    /// <param name="exception">Why.</param>
    internal void Fail(RecordedSession? session, Exception exception)
    {
        RecordingLog.Failed(Logger, exception);
        _counts.Drop(1, DropReason.RecordingFailed);
        if (session is not null)
        {
            _queue.Drop(session);
        }
    }

    /// <summary>Ends a session.</summary>
    internal void End(RecordedSession session, SessionEnd end)
    {
        Upkeep.Release(session);
        Open.Remove(session);
        _queue.TryEnd(session, end);
    }

    /// <summary>The server of a session ended in this process. Ends the session, unless it migrates.</summary>
    internal void EndOfServer(RecordedSession session, SessionEnd end)
    {
        if (Migrates(session))
        {
            Upkeep.Release(session);
            Open.Remove(session);
        }
        else
        {
            End(session, end);
        }
    }

    private bool Migrates(RecordedSession session) => Options.SessionsMigrate && session.Described.Boundary == SessionBoundary.Handshake;

    private async ValueTask<bool> WaitAsync(RecordedSession session, RecordedMessage message, CancellationToken cancellationToken)
    {
        var admission = Admission.Full;
        try
        {
            while (admission == Admission.Full)
            {
                await _queue.WaitForCapacityAsync(cancellationToken).ConfigureAwait(false);
                admission = _queue.TryAdd(session, message);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller cancelled: its message is dropped.
        }

        if (admission != Admission.Accepted)
        {
            Drop(session, admission);
        }

        return admission == Admission.Accepted;
    }

    private void Drop(RecordedSession session, Admission admission)
    {
        _queue.Drop(session);
        _counts.Drop(1, admission switch
        {
            Admission.Full => DropReason.QueueFull,
            Admission.SessionEnded => DropReason.SessionGone,
            _ => DropReason.Stopped,
        });
    }
}
