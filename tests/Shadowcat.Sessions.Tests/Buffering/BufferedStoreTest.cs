using Shadowcat.Sessions.Tests.Redis;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>A buffer in front of a store that ails when a test says so.</summary>
public abstract class BufferedStoreTest : IAsyncLifetime
{
    private readonly List<BufferedSessionStore> _stores = [];

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected AilingStore Inner { get; private set; } = new();

    private protected CollectingLogger Log { get; } = new();

    private protected BufferedSessionStore Store { get; private set; } = null!;

    private protected Session Session { get; private set; } = null!;

    public async ValueTask InitializeAsync() => await UseAsync(new BufferedSessionStoreOptions());

    public async ValueTask DisposeAsync()
    {
        Inner.Ail(Ailment.None);
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Goes on with another buffer, and another store where one is given, that has a session.</summary>
    private protected async Task UseAsync(BufferedSessionStoreOptions options, AilingStore? inner = null)
    {
        options.MaxRetryDelay = TimeSpan.FromMilliseconds(10);
        Inner = inner ?? Inner;
        Store = new BufferedSessionStore(Inner, options, logger: Log.For<BufferedSessionStore>());
        _stores.Add(Store);
        Session = await Store.CreateSessionAsync(Make.Session(), Ct);
    }

    /// <summary>Comes back when the buffer has noticed that the store ails.</summary>
    private protected Task OutageAsync() => Poll.UntilAsync(() => Task.FromResult(Store.Status.State == SessionBufferState.Outage), "there is an outage");

    /// <summary>Comes back when the store serves, and has what waited.</summary>
    private protected Task PassingAsync() => Poll.UntilAsync(() => Task.FromResult(Store.Status.State == SessionBufferState.Passing), "the outage is over");

    /// <summary>Comes back when the store was asked a few times more.</summary>
    private protected Task TriedAsync(int times = 5)
    {
        var before = Inner.Calls;
        return Poll.UntilAsync(() => Task.FromResult(Inner.Calls >= before + times), "the store was tried again");
    }

    private protected Task<List<MessageEnvelope>> StoredAsync(SessionId? id = null) => Inner.Backend.GetFramesAsync(id ?? Session.Id, cancellationToken: Ct).ToListAsync(Ct).AsTask();
}
