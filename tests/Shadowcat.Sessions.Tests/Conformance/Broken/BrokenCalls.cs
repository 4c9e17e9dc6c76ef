namespace Shadowcat.Sessions.Tests.Conformance.Broken;

/// <summary>Stores that break what is promised of every call: its errors, its cancellation, its end, and what a store can do beyond the contract.</summary>
internal static class BrokenCalls
{
    public static IReadOnlyDictionary<string, BrokenPromise> All { get; } = new Dictionary<string, BrokenPromise>(StringComparer.Ordinal)
    {
        ["throws another exception"] = new("AppendFrames", static store => new Appends(store, static (inner, frame, token) => Renamed(inner, frame, static _ => new KeyNotFoundException(), token))),
        ["names another operation"] = new("AppendFrames", static store => new Appends(store, static (inner, frame, token) => Renamed(inner, frame, static id => new SessionNotFoundException(Operations.GetSession, id), token))),
        ["names another session"] = new("AppendFrames", static store => new Appends(store, static (inner, frame, token) => Renamed(inner, frame, static _ => new SessionNotFoundException(Operations.AddFrame, SessionId.New()), token))),
        ["finds nothing where the id is missing"] = new("Argument", static store => new Forgives(store)),
        ["takes a status that is not of the state"] = new("Argument", static store => new TakesAnyStatus(store)),
        ["reads although it is cancelled"] = new("Cancellation", static store => new IgnoresCancellation(store) { OfReads = true }),
        ["writes although it is cancelled"] = new("Cancellation", static store => new IgnoresCancellation(store)),
        ["goes on once it is disposed of"] = new("Disposal", static store => new GoesOn(store)),
        ["finds nothing that it can do"] = new("Lifecycle", static store => new Finds(store, static (_, _) => null)),
        ["hands out something else"] = new("Lifecycle", static store => new Finds(store, static (inner, type) => type == typeof(SessionStoreOptions) ? inner : inner.GetService(type))),
        ["stores other bytes of an archive"] = new("Archive", static store => new Appends(store, static (inner, frame, token) => inner.AddFrameAsync(frame, token)) { OfBatches = static frame => frame with { ExchangeId = null } }),
        ["notifies of no change"] = new("SessionChanges", static store => new Notifies(store, static listener => new Filtered(listener) { NoChange = true })),
        ["notifies of no append"] = new("SessionChanges", static store => new Notifies(store, static listener => new Filtered(listener) { NoActivity = true })),
        ["does not say that it is subscribed"] = new("SessionChanges", static store => new Notifies(store, static listener => new Filtered(listener) { NoSubscription = true })),
        ["notifies of another version"] = new("SessionChanges", static store => new Notifies(store, static listener => new Filtered(listener) { OldVersion = true })),
        ["notifies whoever has left"] = new("SessionChanges", static store => new Notifies(store, static listener => listener) { Stays = true }),
    };

    private static async ValueTask<long> Renamed(ISessionStore inner, MessageEnvelope frame, Func<SessionId, Exception> exception, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.AddFrameAsync(frame, cancellationToken);
        }
        catch (SessionNotFoundException)
        {
            throw exception(frame.SessionId);
        }
    }

    private sealed class Appends(ISessionStore inner, Func<ISessionStore, MessageEnvelope, CancellationToken, ValueTask<long>> append) : DelegatingSessionStore(inner)
    {
        public Func<MessageEnvelope, MessageEnvelope>? OfBatches { get; init; }

        public override ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default) => append(InnerStore, frame, cancellationToken);

        public override ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default) =>
            base.AddFramesAsync(id, OfBatches is null ? frames : [.. frames.Select(OfBatches)], cancellationToken);
    }

    private sealed class Forgives(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) => id.IsDefault ? new((Session?)null) : base.GetSessionAsync(id, cancellationToken);
    }

    private sealed class TakesAnyStatus(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.CreateSessionAsync(session, cancellationToken);
            }
            catch (ArgumentException) when (session is not null)
            {
                return session;
            }
        }
    }

    private sealed class IgnoresCancellation(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public bool OfReads { get; init; }

        public override ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) => base.GetSessionAsync(id, OfReads ? default : cancellationToken);

        public override ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default) => base.AddFrameAsync(frame, OfReads ? cancellationToken : default);
    }

    private sealed class GoesOn(ISessionStore inner) : DelegatingSessionStore(inner), IDisposable
    {
        public void Dispose()
        {
            // Which is what is wrong.
        }
    }

    private sealed class Finds(ISessionStore inner, Func<ISessionStore, Type, object?> find) : DelegatingSessionStore(inner)
    {
        public override object? GetService(Type serviceType) => find(InnerStore, serviceType);
    }

    private sealed class Notifies(InMemorySessionStore inner, Func<ISessionChangeListener, ISessionChangeListener> wrap) : DelegatingSessionStore(inner), ISessionChanges
    {
        private readonly ISessionChanges _changes = inner;

        public bool Stays { get; init; }

        public TimeProvider TimeProvider => _changes.TimeProvider;

        public long ReceivedUntil => _changes.ReceivedUntil;

        public IDisposable Subscribe(ISessionChangeListener listener)
        {
            var subscription = _changes.Subscribe(wrap(listener));
            return Stays ? new MemoryStream() : subscription;
        }

        public long EarliestTimestampOf(DateTimeOffset moment) => _changes.EarliestTimestampOf(moment);
    }

    private sealed class Filtered(ISessionChangeListener inner) : ISessionChangeListener
    {
        public bool NoChange { get; init; }

        public bool NoActivity { get; init; }

        public bool NoSubscription { get; init; }

        public bool OldVersion { get; init; }

        public void OnSubscribed()
        {
            if (!NoSubscription)
            {
                inner.OnSubscribed();
            }
        }

        public void OnInterrupted() => inner.OnInterrupted();

        public void OnChanged(in SessionChange change)
        {
            if (!NoChange)
            {
                inner.OnChanged(OldVersion ? new SessionChange(change.Id, change.Generation, 1) : change);
            }
        }

        public void OnActivity(in SessionActivity activity)
        {
            if (!NoActivity)
            {
                inner.OnActivity(activity);
            }
        }
    }
}
