using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Tests.Conformance.Broken;

/// <summary>Stores that break what is promised of appends.</summary>
internal static class BrokenAppends
{
    public static IReadOnlyDictionary<string, BrokenPromise> All { get; } = new Dictionary<string, BrokenPromise>(StringComparer.Ordinal)
    {
        ["loses the last frame of a batch"] = new("AppendFrames", static store => new EditsBatches(store, static frames => frames.Length > 1 ? frames[..^1] : frames)),
        ["reorders a batch"] = new("AppendFrames", static store => new EditsBatches(store, static frames => [.. frames.Reverse()])),
        ["doubles a frame"] = new("AppendFrames", static store => new EditsFrames(store, static (inner, frame) => Twice(inner, frame))),
        ["acknowledges before it stores"] = new("AppendFrames", static store => new EditsFrames(store, static (inner, frame) => NotStored(inner, frame))),
        ["stores a payload as it reads it"] = new("AppendFrames", static store => new EditsBatches(store, static frames => [.. frames.Select(Trimmed)])),
        ["forgets metadata"] = new("AppendFrames", static store => new EditsBatches(store, static frames => [.. frames.Select(static frame => frame with { Metadata = FrameMetadata.None })])),
        ["forgets flags"] = new("AppendFrames", static store => new EditsBatches(store, static frames => [.. frames.Select(static frame => frame with { Flags = MessageFlags.None })])),
        ["keeps times to the millisecond"] = new("AppendFrames", static store => new EditsBatches(store, static frames => [.. frames.Select(Rounded)])),
        ["reads number ids as strings"] = new("AppendFrames", static store => new EditsBatches(store, static frames => [.. frames.Select(AsString)])),
        ["keeps the buffer that it was given"] = new("AppendFrames", static store => new KeepsBuffers(store)),
        ["appends to a session that is not there"] = new("AppendFrames", static store => new CreatesForAppends(store)),
        ["tears a batch apart"] = new("ConcurrentFrames", static store => new TearsBatches(store)),
        ["answers with the sequence of another frame"] = new("ConcurrentFrames", static store => new AnswersLate(store)),
        ["stores half of a batch that is refused"] = new("FrameCaps", static store => new HalfBatches(store)),
        ["ignores the cap of frames"] = new("FrameCaps", static store => new PlainDecorator(store), static options => With(options, static copy => copy.MaxFramesPerSession = null)),
        ["ignores the cap of bytes"] = new("FrameCaps", static store => new PlainDecorator(store), static options => With(options, static copy => copy.MaxFramesBytesPerSession = null)),
        ["trims where it is to refuse"] = new("FrameCaps", static store => new PlainDecorator(store), static options => With(options, static copy => copy.FrameOverflow = FrameOverflow.TrimOldest)),
        ["trims one frame too many"] = new("FrameCaps", static store => new PlainDecorator(store), static options => With(options, static copy => copy.MaxFramesPerSession -= copy.MaxFramesPerSession > 1 ? 1 : 0)),
        ["takes a payload over the bound"] = new("Argument", static store => new PlainDecorator(store), static options => With(options, static copy => copy.MaxFrameBytes = new SessionStoreOptions().MaxFrameBytes)),
        ["takes a batch over the bound"] = new("Argument", static store => new PlainDecorator(store), static options => With(options, static copy => copy.MaxBatchBytes = new SessionStoreOptions().MaxBatchBytes)),
        ["appends anew what is repeated"] = new("RepeatableAppends", static store => new Repeats(store) { IgnoresSince = true }),
        ["appends to another generation"] = new("RepeatableAppends", static store => new Repeats(store) { IgnoresGeneration = true }),
        ["tells frames by their payload"] = new("RepeatableAppends", static store => new Repeats(store) { IgnoresKeys = true }),
        ["is certain of what was trimmed"] = new("RepeatableAppends", static store => new Repeats(store) { IgnoresTrimming = true }),
    };

    private static async ValueTask<long> Twice(ISessionStore inner, MessageEnvelope frame)
    {
        var sequence = await inner.AddFrameAsync(frame);
        if (sequence % 10 == 9)
        {
            await inner.AddFrameAsync(frame);
        }

        return sequence;
    }

    private static async ValueTask<long> NotStored(ISessionStore inner, MessageEnvelope frame)
    {
        var count = (await inner.GetSessionAsync(frame.SessionId))?.FrameCount;
        return count is { } next && next % 10 == 9 ? next : await inner.AddFrameAsync(frame);
    }

    private static MessageEnvelope Trimmed(MessageEnvelope frame) =>
        frame with { Payload = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(frame.Payload.Span).Trim()) };

    private static MessageEnvelope Rounded(MessageEnvelope frame) => frame with { Timestamp = new DateTimeOffset(frame.Timestamp.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero) };

    private static MessageEnvelope AsString(MessageEnvelope frame) => frame.RequestId is { IsNumber: true } id ? frame with { RequestId = RequestId.FromString(id.ToString()) } : frame;

    private static SessionStoreOptions With(SessionStoreOptions options, Action<SessionStoreOptions> change)
    {
        var copy = new SessionStoreOptions
        {
            TimeToLive = options.TimeToLive,
            MaxLifetime = options.MaxLifetime,
            MaxFrameBytes = options.MaxFrameBytes,
            MaxBatchBytes = options.MaxBatchBytes,
            MaxFramesPerSession = options.MaxFramesPerSession,
            MaxFramesBytesPerSession = options.MaxFramesBytesPerSession,
            FrameOverflow = options.FrameOverflow,
        };
        change(copy);
        return copy;
    }

    private sealed class EditsBatches(ISessionStore inner, Func<MessageEnvelope[], MessageEnvelope[]> edit) : DelegatingSessionStore(inner)
    {
        public override ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default) =>
            base.AddFrameAsync(frame is null ? frame! : edit([frame])[0], cancellationToken);

        public override ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default) =>
            base.AddFramesAsync(id, edit([.. frames]), cancellationToken);
    }

    private sealed class EditsFrames(ISessionStore inner, Func<ISessionStore, MessageEnvelope, ValueTask<long>> append) : DelegatingSessionStore(inner)
    {
        public override ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default) => append(InnerStore, frame);
    }

    /// <summary>Keeps the memory of a payload instead of its bytes.</summary>
    private sealed class KeepsBuffers(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        private readonly ConcurrentDictionary<(SessionId, long), ReadOnlyMemory<byte>> _given = [];

        public override async ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default)
        {
            var sequence = await base.AddFrameAsync(frame, cancellationToken);
            _given[(frame.SessionId, sequence)] = frame.Payload;
            return sequence;
        }

        public override IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
            base.GetFramesAsync(id, range, cancellationToken).Select(frame => _given.TryGetValue((id, frame.Sequence), out var payload) ? frame with { Payload = payload } : frame);
    }

    private sealed class CreatesForAppends(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default)
        {
            if (await base.GetSessionAsync(frame.SessionId, cancellationToken) is null)
            {
                await base.CreateSessionAsync(new Session(frame.SessionId, frame.TransportType), cancellationToken);
            }

            return await base.AddFrameAsync(frame, cancellationToken);
        }
    }

    private sealed class TearsBatches(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default)
        {
            var first = await base.AddFramesAsync(id, [frames[0]], cancellationToken);
            await Task.Delay(1, cancellationToken);
            foreach (var frame in frames.Skip(1))
            {
                await base.AddFramesAsync(id, [frame], cancellationToken);
            }

            return first;
        }
    }

    private sealed class AnswersLate(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default)
        {
            var sequence = await base.AddFrameAsync(frame, cancellationToken);
            await Task.Delay(1, cancellationToken);
            return await base.GetSessionAsync(frame.SessionId, cancellationToken) is { } session ? session.FrameCount - 1 : sequence;
        }
    }

    private sealed class HalfBatches(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.AddFramesAsync(id, frames, cancellationToken);
            }
            catch (SessionLimitExceededException)
            {
                await base.AddFramesAsync(id, [frames[0]], cancellationToken);
                throw;
            }
        }
    }

    private sealed class Repeats(InMemorySessionStore inner) : DelegatingSessionStore(inner), IRepeatableAppends
    {
        public bool IgnoresSince { get; init; }

        public bool IgnoresGeneration { get; init; }

        public bool IgnoresKeys { get; init; }

        public bool IgnoresTrimming { get; init; }

        public async ValueTask<long> AppendAsync(
            string operation, SessionId id, IReadOnlyList<IdempotentFrame> frames, Guid generation, long since, CancellationToken cancellationToken)
        {
            IRepeatableAppends appends = inner;
            var keyed = IgnoresKeys ? [.. frames.Select(static frame => new IdempotentFrame(frame.Envelope, (ulong)frame.Envelope.Payload.Length))] : frames;
            try
            {
                return await appends.AppendAsync(operation, id, keyed, IgnoresGeneration ? Guid.Empty : generation, IgnoresSince ? -1 : since, cancellationToken);
            }
            catch (FramesTrimmedException) when (IgnoresTrimming)
            {
                return await appends.AppendAsync(operation, id, keyed, generation, since: -1, cancellationToken);
            }
        }
    }
}
