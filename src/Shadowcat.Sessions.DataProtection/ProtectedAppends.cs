namespace Shadowcat.Sessions.DataProtection;

/// <summary>Protects frames for the generation of the session that they are appended to.</summary>
/// <remarks>
/// Which one that is, is known of sessions that this object created, read or appended to before. The store inside appends to that one only; where it has ended, the frames are protected anew for
/// the one that has the id now. A store that cannot append to a given generation is asked for it before each append.
/// </remarks>
internal sealed class ProtectedAppends(ISessionStore inner, Protection protection)
{
    private static readonly SessionStoreOptions Unbounded = new() { MaxFrameBytes = int.MaxValue, MaxBatchBytes = int.MaxValue };

    private readonly IRepeatableAppends? _appends = inner.GetService<IRepeatableAppends>();
    private readonly SessionStoreOptions _options = inner.GetService<SessionStoreOptions>() ?? Unbounded;
    private readonly GenerationCache _known = new();

    /// <summary>Whether the store inside can distinguish a repeated append from a new one.</summary>
    public bool IsRepeatable => _appends is not null;

    /// <summary>What the store inside can do.</summary>
    /// <exception cref="NotSupportedException">It cannot distinguish a repeated append from a new one.</exception>
    public IRepeatableAppends Repeatable => _appends
        ?? throw new NotSupportedException($"A {inner.GetType().Name} cannot distinguish a repeated append from a new one, so it cannot be buffered.");

    /// <summary>Notes the session that an id has; null for none.</summary>
    public void Note(SessionId id, Session? session) => _known.Note(id, session);

    /// <summary>Reads which generation an id has now.</summary>
    /// <returns>The generation; <see cref="Guid.Empty"/> where there is no such session.</returns>
    public async ValueTask<Guid> ReadAsync(string operation, SessionId id, CancellationToken cancellationToken)
    {
        var session = await inner.GetSessionAsync(id, cancellationToken).ConfigureAwait(false) is { } stored ? protection.Unprotect(operation, stored) : null;
        Note(id, session);
        return session?.Generation ?? Guid.Empty;
    }

    /// <summary>Appends frames, as the store inside does.</summary>
    public async ValueTask<long> AppendAsync(string operation, SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken)
    {
        InputRules.Frames(id, frames, _options);
        var generation = _appends is null ? Guid.Empty : _known.Find(id);
        while (true)
        {
            if (generation == Guid.Empty)
            {
                generation = await FoundAsync(operation, id, cancellationToken).ConfigureAwait(false);
            }

            try
            {
                return await SendAsync(operation, id, [.. frames.Select(frame => protection.Protect(operation, frame, generation))], generation, cancellationToken).ConfigureAwait(false);
            }
            catch (SessionNotFoundException)
            {
                var current = await ReadAsync(operation, id, cancellationToken).ConfigureAwait(false);
                if (current == generation)
                {
                    throw;
                }

                generation = current;
            }
        }
    }

    /// <summary>Appends frames that may have to be appended again: each time encrypted anew, and known by their keys.</summary>
    public async ValueTask<long> RepeatAsync(
        string operation, SessionId id, IReadOnlyList<IdempotentFrame> frames, Guid generation, long since, CancellationToken cancellationToken)
    {
        var meant = generation != Guid.Empty ? generation : await FoundAsync(operation, id, cancellationToken).ConfigureAwait(false);
        MessageEnvelope[] stored = [.. frames.Select(frame => protection.Protect(operation, frame.Envelope, meant))];
        return await Repeatable.AppendAsync(
            operation, id, [.. Checked(id, stored).Zip(frames, static (frame, given) => new IdempotentFrame(frame, given.Key))], meant, since, cancellationToken).ConfigureAwait(false);
    }

    private static ArgumentException AsProtected(ArgumentException exception) => new(
        exception.Message.Replace($" (Parameter '{exception.ParamName}')", " Sizes count once they are protected, and with the metadata.", StringComparison.Ordinal),
        exception.ParamName,
        exception);

    private async ValueTask<Guid> FoundAsync(string operation, SessionId id, CancellationToken cancellationToken)
    {
        var generation = await ReadAsync(operation, id, cancellationToken).ConfigureAwait(false);
        return generation != Guid.Empty ? generation : throw new SessionNotFoundException(operation, id);
    }

    private async ValueTask<long> SendAsync(string operation, SessionId id, MessageEnvelope[] frames, Guid generation, CancellationToken cancellationToken)
    {
        if (_appends is not null)
        {
            return await _appends.AppendAsync(operation, id, Array.ConvertAll(Checked(id, frames), static frame => new IdempotentFrame(frame)), generation, since: -1, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return operation == Operations.AddFrame
                ? await inner.AddFrameAsync(frames[0], cancellationToken).ConfigureAwait(false)
                : await inner.AddFramesAsync(id, frames, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException exception) when (IsAboutSize(exception))
        {
            throw AsProtected(exception);
        }
    }

    /// <summary>Where the store inside refuses a size, it names the one it was shown.</summary>
    private static bool IsAboutSize(ArgumentException exception) => exception.Message.Contains(" bytes", StringComparison.Ordinal);

    private MessageEnvelope[] Checked(SessionId id, MessageEnvelope[] frames)
    {
        try
        {
            InputRules.Frames(id, frames, _options);
            return frames;
        }
        catch (ArgumentException exception)
        {
            throw AsProtected(exception);
        }
    }
}
