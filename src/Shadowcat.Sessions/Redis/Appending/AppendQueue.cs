using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>The appends of one partition. While calls are under way, frames wait; the next call carries all of them, for all sessions.</summary>
/// <remarks>
/// <para>Two calls may be under way, so that the server has one to work on while the other travels; a session is in one of them at
/// most, which keeps each caller's order. An idle queue sends at once: a lone caller waits for nobody.</para>
/// <para>The lock is held for bookkeeping only, never while something is sent or a caller is told.</para>
/// </remarks>
internal sealed class AppendQueue : IAsyncDisposable
{
    private const int Lanes = 2;

    /// <summary>How many idle channels are kept, for their keys.</summary>
    private const int MaxChannels = 10_000;

    private const int MaxPooled = 4096;

    /// <summary>How long the server remembers a writer's newest call, at least: far longer than any repetition takes.</summary>
    private static readonly TimeSpan WriterMemory = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionId, SessionChannel> _channels = [];
    private readonly Queue<SessionChannel> _line = new();
    private readonly Stack<PendingAppend> _pool = new();
    private readonly AppendLane[] _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new AppendLane())];
    private readonly RedisBackend _backend;
    private readonly RedisPartition _partition;
    private readonly SessionStoreOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly TimeSpan _writerMemory;
    private readonly ITimer _watch;
    private readonly TimeSpan _watchInterval;
    private readonly bool _bounded;
    private bool _watching;
    private bool _disposed;

    public AppendQueue(RedisBackend backend, RedisPartition partition, SessionStoreOptions options, ILogger logger)
    {
        _backend = backend;
        _partition = partition;
        _options = options;
        _logger = logger;
        _bounded = options.MaxFramesPerSession is not null || options.MaxFramesBytesPerSession is not null;
        _writerMemory = backend.OperationTimeout * 2 > WriterMemory ? backend.OperationTimeout * 2 : WriterMemory;
        _watchInterval = TimeSpan.FromMilliseconds(Math.Clamp(backend.OperationTimeout.TotalMilliseconds / 20, 1, 100));
        _watch = _time.CreateTimer(static queue => ((AppendQueue)queue!).EndOverdue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Appends a frame; completes when the server has it.</summary>
    public ValueTask<long> AppendAsync(string operation, SessionId id, byte[] frame, CancellationToken cancellationToken)
    {
        var append = Rent();
        append.Begin(operation, id, frame, Deadline());
        return Enqueue(append, cancellationToken);
    }

    /// <summary>Appends frames side by side; completes when the server has them.</summary>
    public ValueTask<long> AppendAsync(string operation, SessionId id, byte[][] frames, CancellationToken cancellationToken)
    {
        var append = Rent();
        append.Begin(operation, id, frames, Deadline());
        return Enqueue(append, cancellationToken);
    }

    /// <summary>Lets everything that waits be sent, within the callers' timeouts; what comes later is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        while (TryGetRunning(out var running))
        {
            await running.ConfigureAwait(false);
            await Task.Yield(); // a lane that was just taken may not have noted its task yet
        }

        await _watch.DisposeAsync().ConfigureAwait(false);
    }

    private bool TryGetRunning(out Task running)
    {
        lock (_lock)
        {
            _disposed = true;
            var busy = Array.FindAll(_lanes, static lane => lane.IsBusy);
            running = Task.WhenAll(busy.Select(lane => lane.Running));
            return busy.Length > 0;
        }
    }

    private ValueTask<long> Enqueue(PendingAppend append, CancellationToken cancellationToken)
    {
        var task = append.WaitAsync(cancellationToken);
        AppendLane? lane;
        lock (_lock)
        {
            if (_disposed)
            {
                append.TryFail(new SessionStoreUnavailableException(append.Operation, append.Id, "the store has been disposed of.", outcomeUnknown: false));
                append.Release();
                return task;
            }

            if (!_channels.TryGetValue(append.Id, out var channel))
            {
                _channels.Add(append.Id, channel = new SessionChannel(append.Id, _partition));
            }

            channel.Waiting.Enqueue(append);
            if (!channel.IsTaken)
            {
                channel.IsTaken = true;
                _line.Enqueue(channel);
            }

            Watch();
            lane = Array.Find(_lanes, static lane => !lane.IsBusy);
            if (lane is null || !TryTake(lane))
            {
                return task;
            }

            lane.IsBusy = true;
        }

        lane.Running = RunAsync(lane);
        return task;
    }

    /// <summary>Fills the lane's flight from the line.</summary>
    private bool TryTake(AppendLane lane)
    {
        var flight = lane.Flight;
        while (!flight.IsFull && _line.TryDequeue(out var channel))
        {
            if (flight.TryTake(channel, one: _options.FrameOverflow == FrameOverflow.Refuse))
            {
                continue;
            }

            Free(channel);
            if (channel.IsTaken)
            {
                // It had something that did not fit: this flight is full, the channel stands in line again.
                break;
            }
        }

        return !flight.IsEmpty;
    }

    /// <summary>Puts a channel back in line if something waits in it.</summary>
    private void Free(SessionChannel channel)
    {
        channel.IsTaken = channel.Waiting.Count > 0;
        if (channel.IsTaken)
        {
            _line.Enqueue(channel);
        }
        else if (_channels.Count > MaxChannels && !channel.NeedsNewList)
        {
            _channels.Remove(channel.Id);
        }
    }

    private async Task RunAsync(AppendLane lane)
    {
        bool more;
        do
        {
            PendingAppend? lone = null;
            var sequence = 0L;
            try
            {
                (lone, sequence) = await FlyAsync(lane).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever went wrong, those who wait have to hear of it: it is handed to each of them.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                FailOpen(lane.Flight, exception);
            }

            more = TryGoOn(lane, lone);

            // A lone caller is told last: where the lane has nothing more to do, it goes on right here, and no time goes by to change threads.
            lone?.TryComplete(sequence, here: !more);
            lone?.Release();
        }
        while (more);
    }

    /// <summary>Sends the lane's flight, and sees to it that each caller has an answer.</summary>
    /// <returns>The caller who is still to be told its sequence, where there is but one.</returns>
    private async ValueTask<(PendingAppend? Lone, long Sequence)> FlyAsync(AppendLane lane)
    {
        var flight = lane.Flight;
        var began = _time.GetTimestamp();
        var script = Task.CompletedTask;
        if (await TryPushAsync(flight, began).ConfigureAwait(false) < flight.Count)
        {
            script = RunScriptAsync(lane);
        }

        (PendingAppend?, long) lone = default;
        for (var i = 0; i < flight.Count; i++)
        {
            if (flight[i].IsPushed)
            {
                lone = await TakeAnswerAsync(flight, flight[i], began).ConfigureAwait(false);
            }
        }

        await script.ConfigureAwait(false);
        while (OpenBlocks(flight).Any())
        {
            await RunScriptAsync(lane).ConfigureAwait(false);
        }

        return lone;
    }

    /// <summary>Sends the blocks for which RPUSHX by itself keeps every promise: all but the first of a session, and about one a second.</summary>
    /// <returns>How many that were.</returns>
    private async ValueTask<int> TryPushAsync(AppendFlight flight, long now)
    {
        if (_bounded || !CanPush(flight, now))
        {
            return 0;
        }

        var database = await _backend.GetDatabaseAsync().ConfigureAwait(false);
        var pushed = 0;
        foreach (var block in flight.Blocks)
        {
            if (block.Channel.CanPush(now))
            {
                block.Push(database);
                pushed++;
            }
        }

        return pushed;
    }

    private static bool CanPush(AppendFlight flight, long now)
    {
        foreach (var block in flight.Blocks)
        {
            if (block.Channel.CanPush(now))
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<(PendingAppend? Lone, long Sequence)> TakeAnswerAsync(AppendFlight flight, AppendBlock block, long began)
    {
        var left = _backend.OperationTimeout - _time.GetElapsedTime(began);
        var length = await block.TakeAnswerAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time).ConfigureAwait(false);
        if (length == 0)
        {
            // No list of that name, or nobody knows: the script finds out.
            block.Channel.Forget();
            return default;
        }

        var (sequence, hasLostFrames) = block.Channel.Pushed(length, block.Frames);
        if (hasLostFrames)
        {
            Log.AcknowledgedFramesLost(_logger);
        }

        var lone = flight.LoneCaller;
        block.Complete(sequence, deferred: lone);
        return (lone, sequence);
    }

    /// <summary>Sends what is open and was not pushed, or not surely, by the script.</summary>
    private async Task RunScriptAsync(AppendLane lane)
    {
        lane.Number++;
        AppendBlock[] blocks = [.. OpenBlocks(lane.Flight)];
        var call = new AppendFrames(_partition, lane, blocks, _writerMemory, _options);
        try
        {
            var sent = _time.GetTimestamp();
            var reply = await _backend.SendAsync((database, _) => call.RunAsync(database), CancellationToken.None).ConfigureAwait(false);
            Complete(lane, call, sent, reply.Span);
        }
#pragma warning disable CA1031 // Whatever went wrong, those who wait have to hear of it: it is handed to each of them.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            foreach (var block in blocks)
            {
                Fail(block, exception, call.MayArriveLate || RedisFaults.MayArriveLate(exception));
            }
        }
    }

    private void Complete(AppendLane lane, AppendFrames call, long sent, ReadOnlySpan<byte> bytes)
    {
        var reply = new AppendReply(bytes);
        if (reply.HasLostFrames)
        {
            Log.AcknowledgedFramesLost(_logger);
        }

        lane.Acknowledged = reply.Number;
        call.Complete(ref reply, rest => sent + FreshFor(rest), Refusal);
    }

    private static IEnumerable<AppendBlock> OpenBlocks(AppendFlight flight)
    {
        for (var i = 0; i < flight.Count; i++)
        {
            if (flight[i] is { IsOpen: true, IsPushed: false } block)
            {
                yield return block;
            }
        }
    }

    private void FailOpen(AppendFlight flight, Exception exception)
    {
        foreach (var block in flight.Blocks)
        {
            if (block.IsOpen)
            {
                Fail(block, exception, mayArriveLate: true);
            }
        }
    }

    /// <summary>Tells a block's callers what went wrong. What was sent of it may still be carried out, but not after anything newer.</summary>
    private void Fail(AppendBlock block, Exception exception, bool mayArriveLate)
    {
        if (mayArriveLate || block.Fault is not null)
        {
            block.Channel.Abandon();
        }
        else
        {
            block.Channel.Forget();
        }

        block.Fail(append => RedisFaults.Translate(block.Fault ?? exception, append.Operation, append.Id, _backend.OperationTimeout));
    }

    private bool TryGoOn(AppendLane lane, PendingAppend? lone)
    {
        lock (_lock)
        {
            foreach (var block in lane.Flight.Blocks)
            {
                Free(block.Channel);
            }

            lane.Flight.Clear(lone);
            lane.IsBusy = TryTake(lane);
            return lane.IsBusy;
        }
    }

    private SessionStoreException Refusal(PendingAppend append, AppendCode code, long value) => code switch
    {
        AppendCode.Missing => new SessionNotFoundException(append.Operation, append.Id),
        AppendCode.UnknownFormat => SessionHash.UnknownFormat(append.Operation, append.Id, value < 0 ? null : value),
        AppendCode.TooManyFrames => FrameLimits.TooMany(append.Operation, append.Id, _options),
        AppendCode.TooManyBytes => FrameLimits.TooLarge(append.Operation, append.Id, _options),
        AppendCode.OutcomeUnknown => new SessionStoreUnavailableException(
            append.Operation, append.Id, "the connection broke, and since then frames were deleted: whether these were among them is unknown.", outcomeUnknown: true),
        _ => FrameList.Damaged(append.Operation, append.Id),
    };

    /// <summary>How long, in ticks of the time provider, frames may be pushed where the deadline need not move for some ms: a quarter less, for what a push may take.</summary>
    private long FreshFor(long rest) => rest * _time.TimestampFrequency * 3 / 4 / 1000;

    private long Deadline() => _time.GetTimestamp() + (long)(_backend.OperationTimeout.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Sees to it that somebody looks for callers who have waited too long.</summary>
    private void Watch()
    {
        if (!_watching)
        {
            _watching = true;
            _watch.Change(_watchInterval, _watchInterval);
        }
    }

    private void EndOverdue()
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            foreach (var channel in _line)
            {
                EndOverdue(channel.Waiting, now);
            }

            foreach (var lane in _lanes)
            {
                foreach (var block in lane.Flight.Blocks)
                {
                    EndOverdue(block.Appends, now);
                    EndOverdue(block.Channel.Waiting, now);
                }
            }

            if (_line.Count == 0 && !Array.Exists(_lanes, static lane => lane.IsBusy))
            {
                _watching = false;
                _watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void EndOverdue(IEnumerable<PendingAppend> appends, long now)
    {
        foreach (var append in appends)
        {
            if (now >= append.Deadline)
            {
                append.TryFail(new SessionTimeoutException(append.Operation, append.Id, _backend.OperationTimeout));
            }
        }
    }

    private PendingAppend Rent()
    {
        lock (_lock)
        {
            return _pool.TryPop(out var append) ? append : new PendingAppend(GiveBack);
        }
    }

    private void GiveBack(PendingAppend append)
    {
        lock (_lock)
        {
            if (_pool.Count < MaxPooled)
            {
                _pool.Push(append);
            }
        }
    }
}
