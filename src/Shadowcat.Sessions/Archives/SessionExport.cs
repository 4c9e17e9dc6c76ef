namespace Shadowcat.Sessions;

/// <summary>Writes sessions into an archive, going on where an interrupted export stopped.</summary>
internal sealed class SessionExport : IDisposable
{
    private const int FramesPerReport = 1000;

    private readonly ISessionStore _store;
    private readonly UnfinishedArchive _there;
    private readonly ArchiveWriter _writer;
    private readonly IProgress<SessionArchiveProgress>? _progress;
    private readonly string _operation;
    private readonly long _bytesBefore;
    private long _sessions;
    private long _frames;

    /// <summary>The sequences that the session being written begins at and goes on with; null where its first line is not written.</summary>
    private (long First, long Next)? _open;

    private SessionExport(ISessionStore store, Stream destination, UnfinishedArchive there, IProgress<SessionArchiveProgress>? progress, string operation)
    {
        _store = store;
        _there = there;
        _progress = progress;
        _operation = operation;
        _writer = new ArchiveWriter(destination);
        _writer.Check.ContinueFrom(there.Reader.Check);
        (_sessions, _frames, _bytesBefore) = (there.Reader.Sessions, there.Reader.Frames, there.Reader.Offset);
    }

    private SessionArchiveProgress Progress => new(_sessions, _frames, _bytesBefore + _writer.Bytes);

    public static async Task<SessionExport> BeginAsync(
        ISessionStore store, Stream destination, IProgress<SessionArchiveProgress>? progress, string operation, CancellationToken cancellationToken) =>
        new(
            store,
            destination,
            await UnfinishedArchive.ReadAsync(
                destination, operation, store.GetService<SessionStoreOptions>()?.MaxFrameBytes ?? ArchiveFormat.MaxFrameBytes, cancellationToken).ConfigureAwait(false),
            progress,
            operation);

    /// <summary>Writes one session.</summary>
    public async Task<SessionArchiveProgress> RunAsync(SessionId id, CancellationToken cancellationToken)
    {
        if (!_there.IsEmpty && (_there.Reader.IsInArchive || _there.HasEnd || !IsOnly(id)))
        {
            throw _there.Reader.Fault($"the destination has something else in it than an export of session '{id}', and is left as it is");
        }

        if (!_there.Sessions.Contains(id))
        {
            var session = await _store.GetSessionAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new SessionNotFoundException(_operation, id);
            _there.CutOff();
            await WriteAsync(session, cancellationToken).ConfigureAwait(false);
        }

        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        return Report();
    }

    /// <summary>Writes all sessions that match.</summary>
    public async Task<SessionArchiveProgress> RunAsync(SessionFilter? filter, CancellationToken cancellationToken)
    {
        if (_there.HasEnd)
        {
            return Report();
        }

        if (!_there.IsEmpty && !_there.Reader.IsInArchive)
        {
            throw _there.Reader.Fault("the destination has something else in it than an export of many sessions, and is left as it is");
        }

        _there.CutOff();
        if (_there.IsEmpty)
        {
            _writer.WriteArchive();
        }

        if (_there.Reader.Current is { } begun)
        {
            await WriteWhileThereAsync(begun.Session.Id, cancellationToken).ConfigureAwait(false);
            _there.Sessions.Add(begun.Session.Id);
        }

        await foreach (var listed in _store.ListSessionsAsync(filter, cancellationToken).ConfigureAwait(false))
        {
            if (!_there.Sessions.Contains(listed.Id))
            {
                await WriteWhileThereAsync(listed.Id, cancellationToken).ConfigureAwait(false);
            }
        }

        _writer.WriteArchiveEnd(_sessions, _frames);
        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        return Report();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _there.Dispose();
    }

    private bool IsOnly(SessionId id) =>
        _there.Reader.Current is { } begun ? begun.Session.Id == id && _there.Sessions.Count == 0 : _there.Sessions.Count == 1 && _there.Sessions.Contains(id);

    /// <summary>Writes a session of many, which may end while it is written: then it has no more frames.</summary>
    private async Task WriteWhileThereAsync(SessionId id, CancellationToken cancellationToken)
    {
        if (_there.Reader.Current is { } begun && begun.Session.Id == id)
        {
            _open = (begun.FirstSequence, _there.Reader.NextSequence);
        }

        try
        {
            // A listing may be older than what has become of the session since.
            if (await _store.GetSessionAsync(id, cancellationToken).ConfigureAwait(false) is { } session)
            {
                await WriteAsync(session, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (SessionNotFoundException)
        {
            // What was read of it stays in the archive.
        }

        if (_open is not null)
        {
            WriteEnd(id, isComplete: false);
        }
    }

    private async Task WriteAsync(Session session, CancellationToken cancellationToken)
    {
        var range = FrameRange.All;
        MessageEnvelope? last = null;
        if (_there.Reader.Current is { } begun && begun.Session.Id == session.Id)
        {
            (range, last) = Resume(session, begun.Session, begun.FirstSequence);
        }

        await foreach (var frame in _store.GetFramesAsync(session.Id, range, cancellationToken).ConfigureAwait(false))
        {
            if (frame.Sequence == last?.Sequence)
            {
                RequireSame(frame.Equals(last));
                continue;
            }

            // Where the frames begin is known when there is one: trimming may go on meanwhile.
            Open(session, frame.Sequence);
            _writer.WriteFrame(frame);
            _open = (_open!.Value.First, frame.Sequence + 1);
            _frames++;
            await _writer.FlushFullAsync(cancellationToken).ConfigureAwait(false);
            if (_frames % FramesPerReport == 0)
            {
                Report();
            }
        }

        Open(session, session.FrameCount);
        WriteEnd(session.Id, isComplete: true);
        await _writer.FlushFullAsync(cancellationToken).ConfigureAwait(false);
        Report();
    }

    private void Open(Session session, long firstSequence)
    {
        if (_open is null)
        {
            _writer.WriteSession(session, firstSequence);
            _open = (firstSequence, firstSequence);
        }
    }

    private void WriteEnd(SessionId id, bool isComplete)
    {
        _writer.WriteSessionEnd(id, _open!.Value.Next - _open.Value.First, isComplete);
        _open = null;
        _sessions++;
    }

    /// <summary>Goes on behind the last frame that is there, which is read once more where it can be, to see that it is the same.</summary>
    private (FrameRange Range, MessageEnvelope? Last) Resume(Session session, Session begun, long firstSequence)
    {
        var next = _there.Reader.NextSequence;
        RequireSame(session.CreatedAt == begun.CreatedAt && session.TransportType == begun.TransportType && session.FrameCount >= next);
        _open = (firstSequence, next);
        var last = session.FirstSequence < next ? _there.Reader.Frame : null;
        return (FrameRange.From(last?.Sequence ?? next), last);
    }

    private void RequireSame(bool isSame)
    {
        if (!isSame)
        {
            throw _there.Reader.Fault("the session of that id in the store is not the one whose export this is the beginning of");
        }
    }

    private SessionArchiveProgress Report()
    {
        var progress = Progress;
        _progress?.Report(progress);
        return progress;
    }
}
