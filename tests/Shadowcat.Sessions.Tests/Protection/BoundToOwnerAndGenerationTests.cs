using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Protection;

/// <summary>Ciphertext that means something else where it is put: what is encrypted belongs to an owner and to one life of an id, and to no other.</summary>
public sealed class BoundToOwnerAndGenerationTests
{
    private static readonly SessionOwner Alice = new("sub", "alice", "issuer");
    private static readonly SessionOwner Mallory = new("sub", "mallory", "issuer");

    private readonly InMemorySessionStore _server = new();
    private readonly KeyRing _ring = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ProtectedSessionStore Open() => new(_server, _ring.Open());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Owner_ChangedOnTheServer_IsNotHandedTheSession(bool saysWhoItIs)
    {
        var store = Open();
        var session = await store.CreateSessionAsync(
            Make.Session() with { Owner = Alice, ClientInfo = saysWhoItIs ? Peer.Create("client", "1") : null }, Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);

        foreach (var owner in new[] { Mallory, new SessionOwner("sub", "alice", "another issuer"), null })
        {
            await _server.UpdateSessionAsync((await _server.GetSessionAsync(session.Id, Ct))! with { Owner = owner }, Ct);

            await RefusedAsync(store, session.Id);
            Assert.Empty(await store.ListSessionsAsync(new SessionFilter { Owner = owner }, Ct).ToListAsync(Ct));
            await Assert.ThrowsAsync<SessionSerializationException>(() => Open().AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());
        }

        await _server.UpdateSessionAsync((await _server.GetSessionAsync(session.Id, Ct))! with { Owner = Alice }, Ct);
        Assert.Single(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Owner_ChangedThroughTheStore_IsTheOwner()
    {
        var store = Open();
        var session = await store.CreateSessionAsync(Make.Session() with { Owner = Alice }, Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);

        await store.UpdateSessionAsync(session with { Owner = Mallory }, Ct);

        Assert.True((await Open().GetSessionAsync(session.Id, Ct))!.IsOwnedBy(Mallory));
        Assert.Single(await Open().GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Seal_TakenAwayOrOfAnotherSession_IsRefused()
    {
        var store = Open();
        var theirs = await store.CreateSessionAsync(Make.Session() with { Owner = Mallory, ServerInfo = Peer.Create("server", "1") }, Ct);
        var seal = (await _server.GetSessionAsync(theirs.Id, Ct))!;
        var mine = await store.CreateSessionAsync(Make.Session() with { Owner = Alice, ServerInfo = Peer.Create("server", "1") }, Ct);
        var stored = (await _server.GetSessionAsync(mine.Id, Ct))!;
        foreach (var forged in new Func<Session, Session>[]
        {
            session => session with { ClientInfo = null },
            session => session with { ClientInfo = null, ServerInfo = null },
            session => session with { ServerInfo = null },
            session => session with { ServerInfo = Peer.Create("server", "1") },
            session => session with { ServerInfo = seal.ServerInfo },
            session => session with { ClientInfo = seal.ClientInfo, Owner = Mallory },
        })
        {
            var current = (await _server.GetSessionAsync(mine.Id, Ct))!;
            await _server.UpdateSessionAsync(forged(stored) with { Version = current.Version }, Ct);

            await RefusedAsync(store, mine.Id);
        }
    }

    [Fact]
    public async Task Frame_OfAnEarlierLife_IsNotAcceptedInALaterOne()
    {
        var store = Open();
        var id = SessionId.New();
        await store.CreateSessionAsync(new Session(id, TransportType.Http), Ct);
        await store.AddFrameAsync(Make.Frame(id, 1), Ct);
        var old = await _server.GetFramesAsync(id, cancellationToken: Ct).SingleAsync(Ct);
        await store.DeleteSessionAsync(id, Ct);
        await store.CreateSessionAsync(new Session(id, TransportType.Http), Ct);
        await _server.AddFrameAsync(old, Ct);

        var exception = await Assert.ThrowsAsync<SessionSerializationException>(() => store.GetFramesAsync(id, cancellationToken: Ct).CountAsync(Ct).AsTask());

        Assert.Equal((0, 2), (exception.Sequence, exception.FormatVersion));
    }

    [Fact]
    public async Task Append_ByAStoreThatKnewAnEarlierLife_IsOfTheOneThereIs()
    {
        var (mine, theirs) = (Open(), Open());
        var id = SessionId.New();
        await mine.CreateSessionAsync(new Session(id, TransportType.Http), Ct);
        await mine.AddFrameAsync(Make.Frame(id, 0), Ct);
        await theirs.DeleteSessionAsync(id, Ct);
        await Assert.ThrowsAsync<SessionNotFoundException>(() => mine.AddFrameAsync(Make.Frame(id, 1), Ct).AsTask());
        await theirs.CreateSessionAsync(new Session(id, TransportType.Http), Ct);

        Assert.Equal(0, await mine.AddFrameAsync(Make.Frame(id, 2), Ct));
        Assert.Equal(1, await mine.AddFramesAsync(id, [Make.Frame(id, 3), Make.Frame(id, 4)], Ct));

        Assert.Equal(["n/2", "n/3", "n/4"], await theirs.GetFramesAsync(id, cancellationToken: Ct).Select(frame => frame.Method).ToListAsync(Ct));
    }

    [Fact]
    public async Task TransportSessionId_IsReadableOnlyThroughTheStore()
    {
        var store = Open();
        var session = await store.CreateSessionAsync(Make.Session() with { TransportSessionId = "key-to-a-live-session" }, Ct);

        Assert.Null((await _server.GetSessionAsync(session.Id, Ct))!.TransportSessionId);
        Assert.Equal("key-to-a-live-session", (await Open().GetSessionAsync(session.Id, Ct))!.TransportSessionId);
    }

    [Fact]
    public async Task Version1_IsReadOnlyWhereTheOptionSaysSo()
    {
        var provider = _ring.Open();
        var session = Make.Session() with { Owner = Alice };
        var peer = Peer.Create("client", "1");
        var sealedPeer = provider.CreateProtector("Shadowcat.Sessions.Peer.v1", "client", session.Id.Value, session.Generation.ToString("N")).Protect(Encoding.UTF8.GetBytes(peer.Json));
        await _server.CreateSessionAsync(session with { ClientInfo = Peer.Parse($$"""{"shadowcat.protected":"{{Base64Url.EncodeToString(sealedPeer)}}"}""") }, Ct);
        var frame = Make.Frame(session.Id);
        var protector = provider.CreateProtector(
            "Shadowcat.Sessions.Frame.v1", session.Id.Value, $"{frame.Direction:D} {frame.Timestamp.UtcTicks} {frame.TransportType:D} {frame.Kind:D} {frame.Flags:D} none", "=" + frame.Method, "", "", "");
        await _server.AddFrameAsync(
            frame with { Payload = protector.Protect([0, 0, 0, 0, .. frame.Payload.Span]), Metadata = FrameMetadata.Create([new("shadowcat.protected", "1")]) }, Ct);
        var silent = await _server.CreateSessionAsync(Make.Session(), Ct);

        await RefusedAsync(Open(), session.Id);
        await RefusedAsync(Open(), silent.Id);
        var reading = new ProtectedSessionStore(_server, provider, new ProtectedSessionStoreOptions { ReadVersion1 = true });
        Assert.Equal(peer, (await reading.GetSessionAsync(session.Id, Ct))!.ClientInfo);
        Assert.Equal([frame], await reading.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
        Assert.NotNull(await reading.GetSessionAsync(silent.Id, Ct));

        // What is written again is bound.
        await reading.UpdateSessionAsync(session.Id, current => current with { Tags = ["moved"] }, Ct);
        Assert.Equal(peer, (await Open().GetSessionAsync(session.Id, Ct))!.ClientInfo);
    }

    [Fact]
    public async Task Append_ToAStoreThatKnowsNoGenerations_IsOfTheLifeThereIs()
    {
        var own = new OwnStore();
        var (mine, theirs) = (new ProtectedSessionStore(own, _ring.Open()), new ProtectedSessionStore(own.Backend, _ring.Open()));
        var id = SessionId.New();
        await mine.CreateSessionAsync(new Session(id, TransportType.Http), Ct);
        await mine.AddFrameAsync(Make.Frame(id, 0), Ct);
        await theirs.DeleteSessionAsync(id, Ct);
        await theirs.CreateSessionAsync(new Session(id, TransportType.Http), Ct);

        Assert.Equal(0, await mine.AddFrameAsync(Make.Frame(id, 1), Ct));
        Assert.Equal(1, await mine.AddFramesAsync(id, [Make.Frame(id, 2)], Ct));

        Assert.Equal(["n/1", "n/2"], await mine.GetFramesAsync(id, cancellationToken: Ct).Select(frame => frame.Method).ToListAsync(Ct));
        await Assert.ThrowsAsync<SessionNotFoundException>(() => mine.AddFrameAsync(Make.Frame(SessionId.New()), Ct).AsTask());
        Assert.Throws<ArgumentException>(() => new BufferedSessionStore(mine));
    }

    [Fact]
    public async Task Buffer_WhoseReplyIsLost_StoresTheFrameOnce()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        using var proxy = new LossyProxy(server.Configuration);
        await using var redis = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = proxy.Configuration, OperationTimeout = TimeSpan.FromSeconds(1), MaxRetries = 0 });
        var store = new ProtectedSessionStore(redis, _ring.Open());
        await using var buffer = new BufferedSessionStore(store);
        var session = await buffer.CreateSessionAsync(Make.Session(), Ct);
        await buffer.AddFrameAsync(Make.Frame(session.Id, 0), Ct);
        for (var i = 1; i <= 5; i++)
        {
            proxy.LoseNextReply(thenCut: true);
            var stored = buffer.AcceptFrame(Make.Frame(session.Id, i)).Stored;
            await Poll.UntilAsync(() => Task.FromResult(buffer.Status.OutageSince is not null), "the buffer notices the outage");
            proxy.Mend();

            Assert.Equal(i, await stored);
        }

        Assert.Equal(5, proxy.Lost);
        Make.AssertNumbered(await buffer.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 6);
    }

    [Fact]
    public void CacheOrBuffer_InsideTheEncryption_IsRefused()
    {
        using var cached = new CachedSessionStore(_server);
        using var buffered = new BufferedSessionStore(_server);

        Assert.Contains("around the encryption", Assert.Throws<ArgumentException>(() => new ProtectedSessionStore(cached, _ring.Open())).Message, StringComparison.Ordinal);
        Assert.Contains("around the encryption", Assert.Throws<ArgumentException>(() => new ProtectedSessionStore(buffered, _ring.Open())).Message, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(ISessionStore store, SessionId id)
    {
        foreach (var read in new Func<Task>[]
        {
            () => store.GetSessionAsync(id, Ct).AsTask(),
            () => store.GetSessionsAsync([id], Ct).AsTask(),
            () => store.GetFramesAsync(id, cancellationToken: Ct).CountAsync(Ct).AsTask(),
            () => DrainAsync(store.BorrowFramesAsync(id, cancellationToken: Ct)),
            () => store.FollowFramesAsync(id, cancellationToken: Ct).FirstAsync(Ct).AsTask(),
        })
        {
            Assert.Equal(id, (await Assert.ThrowsAsync<SessionSerializationException>(read)).SessionId);
        }
    }

    private static async Task DrainAsync(IAsyncEnumerable<BorrowedFrame> frames)
    {
        await foreach (var frame in frames)
        {
            Assert.Fail("a frame was handed out");
        }
    }

    /// <summary>A store of an application's own, without what only the library's can.</summary>
    private sealed class OwnStore : ForwardingStore
    {
        protected override ValueTask<T> CallAsync<T>(string operation, SessionId id, Func<ValueTask<T>> call) => call();
    }

}
