using Shadowcat.Sessions.Tests.Protection;

namespace Shadowcat.Sessions.Tests.Conformance;

/// <summary>A decorator is of no use once it, or the store inside, has been disposed of. (Stores, and decorators of the library that can be disposed of, run <see cref="DisposalConformance"/>.)</summary>
public sealed class DisposedDecoratorTests : IDisposable
{
    private readonly DisposableDecorator _inner = new(new InMemorySessionStore());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _inner.Dispose();

    [Fact]
    public async Task Member_OfADecoratorOfOnesOwnAfterDispose_ThrowsObjectDisposed() => await AssertThrowsAsync(_inner);

    [Fact]
    public async Task Member_OfADecoratorAroundADisposedStore_ThrowsObjectDisposed() => await AssertThrowsAsync(new PlainDecorator(_inner));

    [Fact]
    public async Task Member_OfEncryptionAroundADisposedStore_ThrowsObjectDisposed() => await AssertThrowsAsync(new ProtectedSessionStore(_inner, new KeyRing().Open()));

    private async Task AssertThrowsAsync(ISessionStore store)
    {
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        session = (await store.GetSessionAsync(session.Id, Ct))!;

        _inner.Dispose();

        await DisposedStore.AssertThrowsAsync(store, session, Ct);
    }

    /// <summary>As the documentation of the base says it.</summary>
    private sealed class DisposableDecorator(ISessionStore inner) : DelegatingSessionStore(inner), IDisposable
    {
        private bool _isDisposed;

        protected override ISessionStore InnerStore
        {
            get
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return base.InnerStore;
            }
        }

        public void Dispose() => _isDisposed = true;
    }
}
