namespace Shadowcat.Sessions;

/// <summary>Reads an archive into a store, each frame once: what an interrupted import left there is compared and continued.</summary>
internal sealed class SessionImport(ISessionStore store, Stream source, SessionImportOptions options, IProgress<SessionArchiveProgress>? progress) : IDisposable
{
    private const int BatchFrames = 256;
    private const long BatchBytes = 1024 * 1024;

    private readonly ArchiveReader _reader = new(Operations.ImportSessions, new EditedArchive(source), options.MaxFrameBytes ?? (store.GetService<SessionStoreOptions>() ?? new SessionStoreOptions()).MaxFrameBytes);
    private readonly List<MessageEnvelope> _batch = [];
    private long _batchBytes;
    private long _batchLine;

    /// <summary>The sequence that the store gives the session's next frame, without those of the batch.</summary>
    private long _next;

    /// <summary>What the store has already of the session; null where that is nothing, or all of it was compared.</summary>
    private IAsyncEnumerator<MessageEnvelope>? _there;

    private long _thereFrom;

    public async Task<SessionArchiveProgress> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (ArchiveEntry entry; (entry = await ReadAsync(cancellationToken).ConfigureAwait(false)) != ArchiveEntry.None;)
            {
                await TakeAsync(entry, cancellationToken).ConfigureAwait(false);
            }

            await StoreAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await DiscardAsync().ConfigureAwait(false);
        }

        return _reader.Rest.IsEmpty && _reader.Current is null && !_reader.IsInArchive && _reader.Line > 0
            ? Report()
            : throw _reader.Fault("it ends here, but more has to come: the archive was cut off. What it has is imported");
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Reads a line. What came before one that is wrong is stored.</summary>
    private async ValueTask<ArchiveEntry> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SessionArchiveException)
        {
            await StoreAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask TakeAsync(ArchiveEntry entry, CancellationToken cancellationToken)
    {
        switch (entry)
        {
            case ArchiveEntry.Session:
                await BeginAsync(cancellationToken).ConfigureAwait(false);
                break;
            case ArchiveEntry.Frame:
                await AddAsync(_reader.Frame!, cancellationToken).ConfigureAwait(false);
                break;
            case ArchiveEntry.SessionEnd:
                await StoreAsync(cancellationToken).ConfigureAwait(false);
                await DiscardAsync().ConfigureAwait(false);
                Report();
                break;
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var (archived, firstSequence) = _reader.Current!.Value;
        var session = archived with
        {
            Owner = options.KeepOwner ? archived.Owner : null,
            TransportSessionId = options.KeepTransportSessionId ? archived.TransportSessionId : null,
            Attributes = options.KeepAttributes ? archived.Attributes : SessionAttributes.None,
            TimeToLive = options.KeepLifetimes ? archived.TimeToLive : null,
            MaxLifetime = options.KeepLifetimes ? archived.MaxLifetime : null,
        };
        try
        {
            await store.CreateSessionAsync(session, firstSequence, cancellationToken).ConfigureAwait(false);
            _next = firstSequence;
        }
        catch (SessionAlreadyExistsException)
        {
            var current = await store.GetSessionAsync(session.Id, cancellationToken).ConfigureAwait(false)
                ?? throw new SessionNotFoundException(Operations.ImportSessions, session.Id);
            RequireSame(IsSame(current, session) && current.FrameCount >= firstSequence, "it is another one");
            _next = current.FrameCount;
            _thereFrom = Math.Max(current.FirstSequence, firstSequence);
            _there = store.GetFramesAsync(session.Id, FrameRange.From(_thereFrom, _next - _thereFrom), cancellationToken).GetAsyncEnumerator(cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw _reader.Fault($"the store does not take the session: {exception.Message}", exception);
        }
    }

    private async ValueTask AddAsync(MessageEnvelope frame, CancellationToken cancellationToken)
    {
        if (frame.Sequence < _next)
        {
            // Below the oldest that is kept, it was there, and has been trimmed since.
            if (frame.Sequence >= _thereFrom)
            {
                RequireSame(await _there!.MoveNextAsync().ConfigureAwait(false) && _there.Current.Equals(frame), $"its frame {frame.Sequence} is another one");
            }

            return;
        }

        if (_batch.Count == BatchFrames || _batchBytes + frame.Payload.Length > BatchBytes)
        {
            await StoreAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_batch.Count == 0)
        {
            _batchLine = _reader.Line;
        }

        _batch.Add(frame);
        _batchBytes += frame.Payload.Length;
    }

    private async Task StoreAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        try
        {
            await StoreBatchAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FramesLostException exception)
        {
            // Going on would leave a gap that the archive does not have.
            throw _reader.Fault("the server lost frames of the session while it was imported. Delete the session and import it again", exception);
        }

        _batch.Clear();
        _batchBytes = 0;
        Report();
    }

    private async Task StoreBatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            RequireNext(await store.AddFramesAsync(_batch[0].SessionId, _batch, cancellationToken).ConfigureAwait(false), _batch.Count);
        }
        catch (ArgumentException)
        {
            // The store takes smaller batches, or not even one of these frames.
            await StoreOneByOneAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task StoreOneByOneAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < _batch.Count; i++)
        {
            var frame = _batch[i];
            try
            {
                RequireNext(await store.AddFrameAsync(frame, cancellationToken).ConfigureAwait(false), 1);
            }
            catch (ArgumentException exception)
            {
                throw _reader.Fault(_batchLine + i, $"the store does not take frame {frame.Sequence}: {exception.Message}", exception);
            }
        }
    }

    private void RequireNext(long stored, int count)
    {
        if (stored != _next)
        {
            throw _reader.Fault($"somebody else appends to the session: frame {_next} became frame {stored}. Delete the session and import it again");
        }

        _next += count;
    }

    private void RequireSame(bool isSame, string difference)
    {
        if (!isSame)
        {
            throw _reader.Fault($"the store has a session of that id already, and {difference}. It is left as it is");
        }
    }

    /// <summary>Compares what is imported of a session; what the archive may not set may be as it is. Where it had no limit, the store may have given it one.</summary>
    private bool IsSame(Session current, Session archived) =>
        archived with
        {
            Owner = options.KeepOwner ? archived.Owner : current.Owner,
            TransportSessionId = options.KeepTransportSessionId ? archived.TransportSessionId : current.TransportSessionId,
            Attributes = options.KeepAttributes ? archived.Attributes : current.Attributes,
            TimeToLive = archived.TimeToLive ?? current.TimeToLive,
            MaxLifetime = archived.MaxLifetime ?? current.MaxLifetime,
        }
        == current with
        {
            Generation = archived.Generation,
            FrameCount = 0,
            FirstSequence = 0,
            LastActivity = default,
            ExpiresAt = default,
            Version = 0,
        };

    private async ValueTask DiscardAsync()
    {
        if (_there is not null)
        {
            await _there.DisposeAsync().ConfigureAwait(false);
            _there = null;
        }
    }

    private SessionArchiveProgress Report()
    {
        var done = new SessionArchiveProgress(_reader.Sessions, _reader.Frames, _reader.Offset);
        progress?.Report(done);
        return done;
    }
}
