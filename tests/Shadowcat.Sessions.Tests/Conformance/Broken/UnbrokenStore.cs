namespace Shadowcat.Sessions.Tests.Conformance.Broken;

/// <summary>Has every capability that broken stores have, and breaks no promise.</summary>
internal sealed class UnbrokenStore(InMemorySessionStore inner) : DelegatingSessionStore(inner), IRepeatableAppends, ISessionChanges, IDisposable
{
    private readonly ISessionChanges _changes = inner;
    private bool _isDisposed;

    public TimeProvider TimeProvider => _changes.TimeProvider;

    public long ReceivedUntil => _changes.ReceivedUntil;

    protected override ISessionStore InnerStore
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return base.InnerStore;
        }
    }

    public ValueTask<long> AppendAsync(string operation, SessionId id, IReadOnlyList<IdempotentFrame> frames, Guid generation, long since, CancellationToken cancellationToken) =>
        ((IRepeatableAppends)InnerStore).AppendAsync(operation, id, frames, generation, since, cancellationToken);

    public IDisposable Subscribe(ISessionChangeListener listener) => ((ISessionChanges)InnerStore).Subscribe(listener);

    public long EarliestTimestampOf(DateTimeOffset moment) => _changes.EarliestTimestampOf(moment);

    public void Dispose() => _isDisposed = true;
}
