using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions;

/// <summary>Protects frames for the generation of the session that they are appended to.</summary>
/// <remarks>
/// Which one that is, is known of sessions that this object created, read or appended to before. The store inside appends to that one only; where it has ended, the frames are protected anew for
/// the one that has the id now. A store that cannot append to a given generation is asked for it before each append.
/// </remarks>
internal sealed class ProtectedAppends(ISessionStore inner, Protection protection)
{
    private static readonly SessionStoreOptions Unbounded = new() { MaxFrameBytes = int.MaxValue, MaxBatchBytes = int.MaxValue };

    /// <summary>What frames became that may be appended again, through whichever store of the process: encrypted anew they would not be found.</summary>
    private static readonly ConditionalWeakTable<byte[], KeptFrame> Kept = [];

    private readonly IRepeatableAppends? _appends = inner.GetService<IRepeatableAppends>();
    private readonly Lock _lock = new();
    private readonly KnownGenerations _known = new();

    /// <summary>Whether the store inside can tell a repeated append from a new one.</summary>
    public bool IsRepeatable => _appends is not null;

    /// <summary>What the store inside can do.</summary>
    /// <exception cref="NotSupportedException">It cannot tell a repeated append from a new one.</exception>
    public IRepeatableAppends Repeatable => _appends
        ?? throw new NotSupportedException($"A {inner.GetType().Name} cannot tell a repeated append from a new one, so it cannot be buffered.");

    /// <summary>Begins to find out which generation an id has.</summary>
    public long Moment() => _known.Moment();

    /// <summary>Notes which generation an id has.</summary>
    /// <param name="id">The id.</param>
    /// <param name="session">The session that has it; null for none.</param>
    /// <param name="asOf">From when this is known.</param>
    public void Note(SessionId id, Session? session, long asOf)
    {
        lock (_lock)
        {
            _ = session is null ? _known.SawNone(id, asOf) : _known.Saw(id, session.Generation, asOf);
        }
    }

    /// <summary>Reads which generation an id has now.</summary>
    /// <returns>The generation; <see cref="Guid.Empty"/> where there is no such session.</returns>
    public async ValueTask<Guid> ReadAsync(string operation, SessionId id, CancellationToken cancellationToken)
    {
        var asOf = Moment();
        var session = await inner.GetSessionAsync(id, cancellationToken).ConfigureAwait(false) is { } stored ? protection.Unprotect(operation, stored) : null;
        Note(id, session, asOf);
        return session?.Generation ?? Guid.Empty;
    }

    /// <summary>Appends frames, as the store inside does.</summary>
    public async ValueTask<long> AppendAsync(string operation, SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken)
    {
        InputRules.Frames(id, frames, _appends?.Options ?? Unbounded);
        var generation = _appends is null ? Guid.Empty : Find(id);
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

    /// <summary>Appends frames that may have to be appended again as they are: what they became is kept for as long as they are.</summary>
    public async ValueTask<long> RepeatAsync(string operation, SessionId id, byte[][] frames, Guid generation, long since, CancellationToken cancellationToken)
    {
        var meant = generation != Guid.Empty ? generation : await FoundAsync(operation, id, cancellationToken).ConfigureAwait(false);
        return await Repeatable.AppendAsync(operation, id, Array.ConvertAll(frames, frame => Keep(operation, id, frame, meant)), meant, since, cancellationToken).ConfigureAwait(false);
    }

    private static ArgumentException AsProtected(ArgumentException exception) => new(
        exception.Message.Replace($" (Parameter '{exception.ParamName}')", " Sizes count once they are protected, and with the metadata.", StringComparison.Ordinal),
        exception.ParamName,
        exception);

    private byte[] Keep(string operation, SessionId id, byte[] frame, Guid generation)
    {
        if (!Kept.TryGetValue(frame, out var kept) || kept.Generation != generation)
        {
            var stored = Checked(id, [protection.Protect(operation, FrameFormat.Decode(id, 0, frame), generation)]);
            kept = new KeptFrame(generation, FrameFormat.Encode(stored[0]));
            Kept.AddOrUpdate(frame, kept);
        }

        return kept.Encoded;
    }

    private async ValueTask<Guid> FoundAsync(string operation, SessionId id, CancellationToken cancellationToken)
    {
        var generation = await ReadAsync(operation, id, cancellationToken).ConfigureAwait(false);
        return generation != Guid.Empty ? generation : throw new SessionNotFoundException(operation, id);
    }

    private Guid Find(SessionId id)
    {
        lock (_lock)
        {
            return _known.Find(id);
        }
    }

    private async ValueTask<long> SendAsync(string operation, SessionId id, MessageEnvelope[] frames, Guid generation, CancellationToken cancellationToken)
    {
        if (_appends is not null)
        {
            return await _appends.AppendAsync(operation, id, Array.ConvertAll(Checked(id, frames), FrameFormat.Encode), generation, since: -1, cancellationToken).ConfigureAwait(false);
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
            InputRules.Frames(id, frames, Repeatable.Options);
            return frames;
        }
        catch (ArgumentException exception)
        {
            throw AsProtected(exception);
        }
    }

    /// <summary>What a frame became.</summary>
    private sealed record KeptFrame(Guid Generation, byte[] Encoded);
}
