using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Writes messages into a store, in the background: recording neither slows nor breaks a conversation.</summary>
/// <remarks>
/// <para>Messages go through one bounded queue. Where it is full — the store is away, or slower than the conversations — they are dropped and
/// counted, or wait, as <see cref="SessionRecordingOptions.WhenFull"/> says. Every message that reaches the store is there once, in the order in which it
/// was recorded; the first behind a gap says in its metadata, as <c>recording.dropped</c>, how many of its session are missing.</para>
/// <para>While the store does not serve, it is tried again every 500 ms. A batch whose outcome is unknown is not written again, and counts as dropped.</para>
/// </remarks>
public sealed class SessionRecorder : IAsyncDisposable
{
    private static readonly SessionEnd Shutdown = new(SessionStatus.Completed, "the process stopped");

    private readonly SessionRecordingOptions _options;
    private readonly ILogger _logger;
    private readonly RecordingQueue _queue;
    private readonly RecordingCounts _counts;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _deadline;
    private readonly ITimer _sweep;
    private readonly Task _writing;
    private readonly TimeProvider _clock;
    private int _isDisposed;

    /// <summary>Begins to record, with the defaults.</summary>
    /// <param name="store">Where to. It is not disposed of.</param>
    /// <param name="logger">Is told what goes wrong; null for nobody.</param>
    /// <param name="timeProvider">Says when a message was seen, and what waiting and silence mean; null for the system's.</param>
    public SessionRecorder(ISessionStore store, ILogger<SessionRecorder>? logger = null, TimeProvider? timeProvider = null)
        : this(store, new SessionRecordingOptions(), logger, timeProvider)
    {
    }

    /// <summary>Begins to record as an application has configured it: this is what a container makes of <c>AddSingleton&lt;SessionRecorder&gt;()</c>.</summary>
    /// <param name="store">Where to. It is not disposed of.</param>
    /// <param name="options">How.</param>
    /// <param name="logger">Is told what goes wrong; null for nobody.</param>
    /// <param name="timeProvider">Says when a message was seen, and what waiting and silence mean; null for the system's.</param>
    /// <exception cref="OptionsValidationException">An option is out of bounds.</exception>
    public SessionRecorder(ISessionStore store, IOptions<SessionRecordingOptions> options, ILogger<SessionRecorder>? logger = null, TimeProvider? timeProvider = null)
        : this(store, (options ?? throw new ArgumentNullException(nameof(options))).Value, logger, timeProvider)
    {
    }

    /// <summary>Begins to record.</summary>
    /// <param name="store">Where to. It is not disposed of.</param>
    /// <param name="options">How; null for the defaults. Later changes have no effect.</param>
    /// <param name="logger">Is told what goes wrong; null for nobody.</param>
    /// <param name="timeProvider">Says when a message was seen, and what waiting and silence mean; null for the system's.</param>
    /// <exception cref="OptionsValidationException">An option is out of bounds.</exception>
    public SessionRecorder(
        ISessionStore store, SessionRecordingOptions? options, ILogger<SessionRecorder>? logger = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _options = OptionRules.Checked(options ?? new SessionRecordingOptions(), SessionRecordingOptionsValidator.Instance);
        _clock = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger<SessionRecorder>.Instance;
        _counts = new RecordingCounts(_clock, _logger);
        _queue = new RecordingQueue(_options, _clock);
        _deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _clock);
        Open = new OpenSessions(_options.MaxOpenSessions, _clock);
        Upkeep = new SessionUpkeep(Open, _queue, _options);

        var calls = new StoreCalls(_clock, _logger, _ending.Token, _deadline.Token);
        var continuations = new Continuations(store, calls);
        var bounds = new ClientBounds(store, _options, _clock);
        var opener = new SessionOpener(store, calls, continuations, bounds, _options, _clock);
        var frames = new FrameFactory(_options, bounds, _clock, _logger, _deadline.Token);
        var sessions = new SessionWriter(store, calls, opener, continuations, frames, bounds, _options, _counts, _clock, _logger, _deadline.Token);
        var writer = new RecordingWriter(_queue, sessions, _counts, _clock, _logger);

        // Whatever is current in the request that makes this must not be current in all that is written later.
        using (ExecutionContext.SuppressFlow())
        {
            _writing = Task.Run(writer.RunAsync);
            _sweep = _clock.CreateTimer(_ => Upkeep.Sweep(), state: null, Upkeep.Interval, Upkeep.Interval);
        }
    }

    /// <summary>How many messages the store has.</summary>
    public long RecordedMessages => _counts.Recorded;

    /// <summary>How many messages were not recorded, or are not known to be: the queue was full, the store refused them, a redactor failed.</summary>
    public long DroppedMessages => _counts.Dropped;

    /// <summary>How many messages are on their way to the store.</summary>
    public int QueuedMessages => _queue.Count;

    internal OpenSessions Open { get; }

    internal SessionUpkeep Upkeep { get; }

    internal SessionRecordingOptions Options => _options;

    internal ILogger Logger => _logger;

    internal TimeProvider Clock => _clock;

    /// <summary>Whether sessions of a transport go on in other replicas, so that the end of their server here, or of the process, is not theirs.</summary>
    internal bool LeavesEndToMigration { get; set; }

    /// <summary>Whether messages need not wait for room.</summary>
    internal bool HasRoom => _options.WhenFull == RecordingOverflow.Drop || _queue.MayHaveRoom;

    /// <summary>Begins to record a session whose messages the caller sees.</summary>
    /// <param name="session">The session to create when its first message comes; what its messages say of peers and versions is filled in.</param>
    /// <returns>The recording. Close it when the conversation is over; what is open when the recorder is disposed is closed then.</returns>
    /// <exception cref="ArgumentNullException">The session is null.</exception>
    public SessionRecording Begin(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new SessionRecording(this, Connect(session));
    }

    /// <summary>Writes what was recorded so far, for <see cref="SessionRecordingOptions.DrainTimeout"/> at most; then closes the sessions that are open.</summary>
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
            if (!IsLeftToMigration(session) && (_options.CloseOnShutdown || !session.IsShared))
            {
                _queue.TryEnd(session, end ?? Shutdown);
            }
        }

        _counts.HoldLog();
        _queue.Complete();
        _deadline.CancelAfter(_options.DrainTimeout);
        await _ending.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        _counts.LogDropped(DropReason.Stopped);
        _ending.Dispose();
        _deadline.Dispose();
    }

    /// <summary>Takes up a session that lives as long as a connection.</summary>
    /// <param name="session">The session.</param>
    /// <param name="getEnd">Says how the connection ended; null where it has not. Null where nobody can say.</param>
    internal RecordedSession Connect(Session session, Func<SessionEnd?>? getEnd = null)
    {
        var recorded = new RecordedSession(session);
        Upkeep.Hold(recorded, getEnd);
        return recorded;
    }

    /// <summary>Records a message where there is room.</summary>
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

    /// <summary>Records a message, or waits for room.</summary>
    internal ValueTask<bool> RecordAsync(RecordedSession session, RecordedMessage message, CancellationToken cancellationToken)
    {
        var admission = _queue.TryAdd(session, message);
        if (admission == Admission.Full && _options.WhenFull == RecordingOverflow.Wait)
        {
            return WaitAsync(session, message, cancellationToken);
        }

        if (admission != Admission.Accepted)
        {
            Drop(session, admission);
        }

        return ValueTask.FromResult(admission == Admission.Accepted);
    }

    /// <summary>Records a message of the SDK, or waits for room.</summary>
    internal ValueTask<bool> RecordAsync(
        RecordedSession session, MessageDirection direction, JsonRpcMessage message, MessageFacts facts, CancellationToken cancellationToken)
    {
        if (_options.WhenFull == RecordingOverflow.Drop && !_queue.MayHaveRoom)
        {
            // Not worth the bytes.
            Drop(session, Admission.Full);
            return ValueTask.FromResult(false);
        }

        return RecordAsync(session, new RecordedMessage(direction, MessageBytes.Of(message), facts), cancellationToken);
    }

    /// <summary>Records a message of the SDK that cannot wait: where messages wait for room, it is taken without.</summary>
    internal void Record(RecordedSession session, MessageDirection direction, JsonRpcMessage message, MessageFacts facts)
    {
        var mayDrop = _options.WhenFull == RecordingOverflow.Drop;
        var admission = mayDrop && !_queue.MayHaveRoom
            ? Admission.Full
            : _queue.TryAdd(session, new RecordedMessage(direction, MessageBytes.Of(message), facts), isUrgent: !mayDrop);
        if (admission != Admission.Accepted)
        {
            Drop(session, admission);
        }
    }

    /// <summary>Completes when messages need not wait for room.</summary>
    internal async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (!HasRoom)
        {
            await _queue.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Records that a message could not be handed on.</summary>
    internal void NoteUndelivered(RecordedSession session, JsonRpcMessage message, Exception exception, MessageFacts facts) =>
        TryRecord(session, new RecordedMessage(MessageDirection.Internal, MessageBytes.Undelivered(message, exception), facts));

    /// <summary>Records that a request was given up, without a message that says so.</summary>
    /// <param name="session">Its session.</param>
    /// <param name="request">The request.</param>
    /// <param name="by">Who gave it up, as <see cref="ExchangeEnd.ByKey"/> says it.</param>
    /// <param name="facts">What is known of it.</param>
    /// <param name="how">How it ended, as <see cref="ExchangeEnd.Key"/> says it.</param>
    internal void NoteCancelled(RecordedSession session, JsonRpcMessage request, string by, MessageFacts facts, string how = ExchangeEnd.Cancelled)
    {
        var metadata = FrameMetadata.Create([new(ExchangeEnd.Key, how), new(ExchangeEnd.ByKey, by)]);
        TryRecord(session, new RecordedMessage(MessageDirection.Internal, MessageBytes.Cancelled(request), facts with { Metadata = metadata }));
    }

    /// <summary>Counts a message that could not be recorded, and lets its session say that it is missing.</summary>
    /// <param name="session">Its session; null where that could not be found.</param>
    /// <param name="exception">Why.</param>
    internal void Fail(RecordedSession? session, Exception exception)
    {
        RecordingLog.Failed(_logger, exception);
        _counts.Drop(1, DropReason.RecordingFailed);
        if (session is not null)
        {
            _queue.Drop(session);
        }
    }

    /// <summary>Says that nothing further comes in a session.</summary>
    internal void End(RecordedSession session, SessionEnd end)
    {
        Upkeep.Release(session);
        Open.Remove(session);
        _queue.TryEnd(session, end);
    }

    /// <summary>Says that nothing further comes in a session from the server that served it here.</summary>
    internal void EndOfServer(RecordedSession session, SessionEnd end)
    {
        if (IsLeftToMigration(session))
        {
            Upkeep.Release(session);
            Open.Remove(session);
        }
        else
        {
            End(session, end);
        }
    }

    private bool IsLeftToMigration(RecordedSession session) => LeavesEndToMigration && session.Described.Boundary == SessionBoundary.Handshake;

    private async ValueTask<bool> WaitAsync(RecordedSession session, RecordedMessage message, CancellationToken cancellationToken)
    {
        var admission = Admission.Full;
        try
        {
            while (admission == Admission.Full)
            {
                await _queue.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
                admission = _queue.TryAdd(session, message);
            }
        }
        catch (OperationCanceledException)
        {
            // Who gave up the call does not want its message recorded at any price.
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
