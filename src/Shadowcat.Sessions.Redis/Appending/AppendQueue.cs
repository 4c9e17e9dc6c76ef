using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Redis;

/// <summary>The appends of one partition. While flights are under way, frames wait; the next flight takes them on board, for all sessions.</summary>
/// <remarks>
/// <para>Several flights may be under way, so that the server has one to work on while another travels and a third is filled; a session is in one of them at
/// most, which keeps each caller's order. An idle queue sends at once: a lone caller waits for nobody. Otherwise a flight is filled behind what the
/// thread pool has to do already: among that are the callers whom the last flight has just told, and their next frames are to come along.</para>
/// <para>A flight leaves the others their share of the sessions. Were it to take all that waits, it would before long have everybody on board, and the
/// server nothing to do while their callers are told.</para>
/// <para>The lock is held for bookkeeping only, never while something is sent or a caller is told.</para>
/// </remarks>
internal sealed class AppendQueue : IAsyncDisposable
{
    private const int Lanes = 3;

    /// <summary>So few sessions are not worth another flight.</summary>
    private const int MinShare = 4;

    private readonly Lock _lock = new();
    private readonly SessionChannels _channels;
    private readonly AppendLine _line;
    private readonly PendingAppends _pool;
    private readonly AppendLane[] _lanes;
    private readonly AppendRoom _room;
    private readonly bool _waitsForRoom;
    private readonly RedisBackend _backend;
    private readonly RedisPartition _partition;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ITimer _watch;
    private readonly TimeSpan _watchInterval;

    /// <summary>Completes when the queue was disposed of and no lane has anything to do any more.</summary>
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Who may still give the lanes something to do: the queue itself until it is disposed of, and each lane from when it is taken.</summary>
    private int _holders = 1;

    private bool _watching;
    private bool _disposed;

    public StoreAddress Address => _backend.Address;

    public AppendQueue(
        RedisBackend backend,
        RedisPartition partition,
        SessionStoreOptions options,
        AppendRoom room,
        bool waitsForRoom,
        SessionChangeListeners listeners,
        ILogger logger)
    {
        _backend = backend;
        _partition = partition;
        _channels = new SessionChannels(partition, _time);
        _line = new AppendLine(oneCaller: options.FrameOverflow == FrameOverflow.Refuse);
        _pool = new PendingAppends(this);
        _room = room;
        _waitsForRoom = waitsForRoom;
        _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new AppendLane(backend, partition, options, room, listeners, logger))];
        _watchInterval = TimeSpan.FromMilliseconds(Math.Clamp(backend.Timeouts.Write.TotalMilliseconds / 20, 1, 50));
        _watch = _time.CreateTimer(static queue => ((AppendQueue)queue!).EndOverdue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the server that the frames go to is known not to answer, as things are now.</summary>
    public RedisCircuit Circuit => _backend.Circuits.Of(_partition);

    /// <summary>Appends a frame; completes when the server has it.</summary>
    public ValueTask<long> AppendAsync(in RedisCall call, EncodedFrame frame, CancellationToken cancellationToken)
    {
        var append = _pool.Rent();
        append.Begin(call, frame);
        return Enter(append, cancellationToken);
    }

    /// <summary>Appends frames side by side; completes when the server has them.</summary>
    /// <param name="call">The call.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="generation">The session that they are meant for; empty for whichever has the id.</param>
    /// <param name="since">From which sequence on they may stand already, by an earlier call; -1 where they surely do not.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<long> AppendAsync(in RedisCall call, EncodedFrame[] frames, Guid generation, long since, CancellationToken cancellationToken)
    {
        var append = _pool.Rent();
        append.Begin(call, frames, generation, since);
        return Enter(append, cancellationToken);
    }

    /// <summary>Lets everything that waits be sent, within the callers' timeouts; what comes later is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        bool isFirst;
        lock (_lock)
        {
            (isFirst, _disposed) = (!_disposed, true);
        }

        if (isFirst)
        {
            Release();
        }

        await _drained.Task.ConfigureAwait(false);
        await _watch.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Lets go as one of the holders.</summary>
    private void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>Gives an append, for which there is room, its place among those that wait.</summary>
    /// <returns>A lane that has nothing to do, with its flight, to be started outside of any lock; null where there is none.</returns>
    public AppendLane? Place(PendingAppend append)
    {
        var channel = _channels[append.Id];
        lock (_lock)
        {
            if (!_disposed)
            {
                return Enqueue(append, channel);
            }
        }

        _room.Give(append.Count, append.Bytes);
        append.TryFail(new SessionStoreUnavailableException(append.Operation, append.Id, "the store has been disposed of.", outcomeUnknown: false));
        append.Release();
        return null;
    }

    /// <summary>Starts a lane that <see cref="Place"/> gave.</summary>
    public void Start(AppendLane lane)
    {
        if (Array.Exists(_lanes, other => other != lane && other.IsBusy))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static start => start.Queue.Run(start.Lane), (Queue: this, Lane: lane), preferLocal: false);
        }
        else
        {
            Run(lane);
        }
    }

    private void Run(AppendLane lane) => _ = RunAsync(lane);

    private ValueTask<long> Enter(PendingAppend append, CancellationToken cancellationToken)
    {
        var task = append.WaitAsync(cancellationToken);
        if (Circuit is { IsOpen: true } circuit)
        {
            append.Refuse(circuit);
            append.Release();
        }
        else if (_room.TryTake(append))
        {
            if (Place(append) is { } lane)
            {
                Start(lane);
            }
        }
        else if (_waitsForRoom)
        {
            _room.Wait(append);
        }
        else
        {
            append.TryFail(new SessionStoreUnavailableException(
                append.Operation, append.Id, "as many frames wait for the server as may; nothing was done.", outcomeUnknown: false));
            append.Release();
        }

        return task;
    }

    private AppendLane? Enqueue(PendingAppend append, SessionChannel channel)
    {
        if (channel.IsForgotten)
        {
            channel = _channels[append.Id];
        }

        _line.Enqueue(channel, append);
        _channels.Sweep();
        Watch();
        return TakeIdle();
    }

    /// <summary>Takes a lane that has nothing to do, where there is one. It is held until it has run.</summary>
    private AppendLane? TakeIdle()
    {
        var lane = Array.Find(_lanes, static lane => !lane.IsBusy);
        if (lane is not null)
        {
            Interlocked.Increment(ref _holders);
            lane.IsBusy = true;
        }

        return lane;
    }

    /// <summary>How many sessions a flight takes: as many as each of them would have.</summary>
    private int Share()
    {
        var sessions = _line.Count;
        foreach (var lane in _lanes)
        {
            sessions += lane.Flight.Count;
        }

        return Math.Max(MinShare, (sessions + Lanes - 1) / Lanes);
    }

    private async Task RunAsync(AppendLane lane)
    {
        try
        {
            (PendingAppend? Lone, long Sequence) told = default;
            bool more;
            do
            {
                more = TryGoOn(lane, told.Lone, out var room, out var next);
                _room.Give(room.Frames, room.Bytes);
                if (next is not null)
                {
                    Start(next);
                }

                // A lone caller is told last: where the lane has nothing more to do, it goes on right here, and no time goes by to change threads.
                told.Lone?.TryComplete(told.Sequence, here: !more);
                told.Lone?.Release();
                if (more)
                {
                    told = await lane.FlyAsync().ConfigureAwait(false);
                    if (lane.Flight.IsShared)
                    {
                        await default(BehindOthers);
                    }
                }
            }
            while (more);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Lets go of a flight that has landed, and takes the next.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="lone">The caller who is still to be told.</param>
    /// <param name="room">What those needed that were never sent.</param>
    /// <param name="next">A lane that had nothing to do, for what was left, to be started outside of any lock; null where there is none.</param>
    private bool TryGoOn(AppendLane lane, PendingAppend? lone, out (long Frames, long Bytes) room, out AppendLane? next)
    {
        lock (_lock)
        {
            foreach (var block in lane.Flight.Blocks)
            {
                _line.Free(block.Channel);
            }

            lane.Flight.Clear(lone);
            lane.IsBusy = _line.TryFill(lane.Flight, Share());
            room = lane.Flight.TakeLeft();
            next = _line.Count > 0 ? TakeIdle() : null;
            return lane.IsBusy;
        }
    }

    /// <summary>Sees to it that somebody looks for callers who have waited too long, or wait for a server that is known not to answer.</summary>
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
        var now = _time.GetTimestamp();
        var circuit = Circuit;
        var unanswered = 0;
        _room.EndOverdue(now);
        lock (_lock)
        {
            _line.EndUnsent(now, circuit);
            foreach (var lane in _lanes)
            {
                foreach (var block in lane.Flight.Blocks)
                {
                    block.Channel.Waiting.EndUnsent(now, circuit);
                    foreach (var append in block.Appends)
                    {
                        unanswered += append.EndIfOverdue(now) && lane.IsUnanswered(now) ? 1 : 0;
                    }
                }
            }

            if (_line.Count == 0 && !Array.Exists(_lanes, static lane => lane.IsBusy))
            {
                _watching = false;
                _watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        for (; unanswered > 0; unanswered--)
        {
            circuit.Failed(new TimeoutException());
        }
    }

    /// <summary>Notes that a session was created.</summary>
    public void Created(SessionId id) => _channels.Created(id);

    /// <summary>Takes back what nobody holds any more.</summary>
    public void GiveBack(PendingAppend append) => _pool.GiveBack(append);
}
