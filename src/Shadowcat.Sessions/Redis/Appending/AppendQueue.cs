using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>The appends of one partition. While a call is in flight, frames wait; the next call carries all of them, for all sessions.</summary>
/// <remarks>
/// One call at a time keeps each caller's order and each session's numbers ascending, which is what lets the script tell a repetition
/// from a new frame. An idle queue sends at once: a lone caller waits for nobody.
/// </remarks>
internal sealed class AppendQueue(RedisBackend backend, int partition, string writer, SessionStoreOptions options, ILogger logger)
{
    /// <summary>For how many sessions the last acknowledged number is remembered. Forgetting one only costs noticing that a failover lost its tail.</summary>
    private const int RememberedSessions = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<PendingAppend> _waiting = new();
    private readonly Dictionary<SessionId, long> _acknowledged = [];
    private long _number;
    private Task _sending = Task.CompletedTask;
    private bool _idle = true;

    /// <summary>Appends frames; completes when the server has them.</summary>
    public async ValueTask<long> AppendAsync(string operation, SessionId id, byte[][] frames, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var append = new PendingAppend(operation, id, frames);
        lock (_lock)
        {
            _waiting.Enqueue(append);
            if (_idle)
            {
                _idle = false;
                _sending = SendAsync();
            }
        }

        try
        {
            return await append.Task.WaitAsync(backend.OperationTimeout, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception) when (!append.Task.IsCompleted)
        {
            append.TrySetCanceled(CancellationToken.None);
            throw new SessionTimeoutException(operation, id, backend.OperationTimeout, exception);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Still waiting, it is never sent; already in flight, it may be stored.
            append.TrySetCanceled(cancellationToken);
            throw;
        }
    }

    /// <summary>Completes when nobody waits any more.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            return _sending;
        }
    }

    private async Task SendAsync()
    {
        while (TakeFlight() is { } flight)
        {
            await SendAsync(flight).ConfigureAwait(false);
        }
    }

    private AppendFlight? TakeFlight()
    {
        lock (_lock)
        {
            var flight = new AppendFlight();
            var alone = options.FrameOverflow == FrameOverflow.Refuse;
            while (_waiting.TryPeek(out var append) && (append.Task.IsCompleted || flight.TryAdd(append, alone)))
            {
                _waiting.Dequeue();
            }

            _idle = !flight.Appends.Any();
            return _idle ? null : flight;
        }
    }

    private async Task SendAsync(AppendFlight flight)
    {
        try
        {
            var sessions = flight.Sessions.ToList();
            var blocks = sessions.ConvertAll(session => NewBlock(session.Key, session.Value));
            var outcomes = await SendAsync(blocks).ConfigureAwait(false);
            for (var i = 0; i < blocks.Count; i++)
            {
                var (code, value) = outcomes[i];
                if (code == AppendCode.Gap)
                {
                    (code, value) = await SendAfterGapAsync(blocks[i], value).ConfigureAwait(false);
                }

                Complete(sessions[i].Value, blocks[i], code, value);
            }
        }
#pragma warning disable CA1031 // Whatever went wrong, those who wait have to hear of it: it is handed to each of them.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            foreach (var append in flight.Appends)
            {
                append.TrySetException(RedisFaults.Translate(exception, append.Operation, append.Id, backend.OperationTimeout));
            }
        }
    }

    private AppendBlock NewBlock(SessionId id, List<PendingAppend> appends)
    {
        var frames = appends.Count == 1 ? appends[0].Frames : [.. appends.SelectMany(append => append.Frames)];
        var block = new AppendBlock(id, _number, _acknowledged.GetValueOrDefault(id, -1), SentBefore: false, frames);
        _number += frames.Length;
        return block;
    }

    private ValueTask<(AppendCode Code, long Value)[]> SendAsync(IReadOnlyList<AppendBlock> blocks) => backend.SendAsync(
        (database, layout) => AppendFrames.RunAsync(database, layout.Partitions[partition], writer, blocks, options),
        CancellationToken.None);

    /// <summary>The server is behind what it acknowledged, as after a failover that lost its tail, or the session is another one by now. The frames at hand are new either way.</summary>
    private async ValueTask<(AppendCode Code, long Value)> SendAfterGapAsync(AppendBlock block, long lastSeen)
    {
        if (lastSeen >= 0)
        {
            Log.AcknowledgedFramesLost(logger);
        }

        return (await SendAsync([block with { Acknowledged = -1 }]).ConfigureAwait(false))[0];
    }

    private void Complete(List<PendingAppend> appends, AppendBlock block, AppendCode code, long value)
    {
        if (code == AppendCode.Stored)
        {
            Remember(block.Id, block.Number + block.Frames.Count - 1);
        }
        else
        {
            _acknowledged.Remove(block.Id);
        }

        var sequence = value;
        foreach (var append in appends)
        {
            if (code == AppendCode.Stored)
            {
                append.TrySetResult(sequence);
                sequence += append.Frames.Length;
            }
            else
            {
                append.TrySetException(Refusal(append, code, value));
            }
        }
    }

    private void Remember(SessionId id, long number)
    {
        if (_acknowledged.Count >= RememberedSessions && !_acknowledged.ContainsKey(id))
        {
            _acknowledged.Clear();
        }

        _acknowledged[id] = number;
    }

    private SessionStoreException Refusal(PendingAppend append, AppendCode code, long value) => code switch
    {
        AppendCode.Missing => new SessionNotFoundException(append.Operation, append.Id),
        AppendCode.UnknownFormat => SessionHash.UnknownFormat(append.Operation, append.Id, value),
        AppendCode.TooManyFrames => FrameLimits.TooMany(append.Operation, append.Id, options),
        AppendCode.TooManyBytes => FrameLimits.TooLarge(append.Operation, append.Id, options),
        AppendCode.Unknown => new SessionStoreUnavailableException(
            append.Operation, append.Id, "it was sent before, and whether it was stored can no longer be told.", outcomeUnknown: true),
        _ => FrameList.Damaged(append.Operation, append.Id),
    };
}
