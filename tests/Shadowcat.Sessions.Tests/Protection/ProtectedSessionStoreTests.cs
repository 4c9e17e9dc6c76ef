using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shadowcat.Sessions.Tests.Redis;

namespace Shadowcat.Sessions.Tests.Protection;

/// <summary>What encryption at rest hides, what it notices, and how keys change.</summary>
public sealed class ProtectedSessionStoreTests
{
    private const string Secret = "nobody-may-see";

    private readonly InMemorySessionStore _inner = new(new SessionStoreOptions { MaxFrameBytes = 4096, MaxBatchBytes = 4096 });
    private readonly KeyRing _ring = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatIsStored_HidesWhatWasSaid()
    {
        var store = Open();
        var session = await store.CreateSessionAsync(
            Make.Session() with { ClientInfo = Peer.Create(Secret, "1"), ServerInfo = Peer.Create(Secret, "2"), Attributes = SessionAttributes.None.With(Secret, Secret), Tags = ["readable"] }, Ct);
        await store.AddFrameAsync(Frame(session.Id), Ct);

        var stored = await _inner.GetSessionAsync(session.Id, Ct);
        var frame = Assert.Single(await _inner.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));

        Assert.DoesNotContain(Secret, stored!.ToString() + stored.ClientInfo!.Json + stored.ServerInfo!.Json, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(frame.Payload.Span) + string.Concat(frame.Metadata), StringComparison.Ordinal);
        Assert.Equal(("tools/call", MessageKind.Request, RequestId.FromNumber(7)), (frame.Method, frame.Kind, frame.RequestId));
        Assert.Equal(["readable"], stored.Tags.Select(tag => tag.Value));
        Assert.Empty(stored.Attributes);
        Assert.Equal(session, (await Open().GetSessionAsync(session.Id, Ct))! with { FrameCount = 0, LastActivity = session.LastActivity, ExpiresAt = session.ExpiresAt });
    }

    [Fact]
    public async Task Frame_ReadByAnotherReplica_IsAsItWasGiven()
    {
        var session = await Open().CreateSessionAsync(Make.FullSession(), Ct);
        var given = Frame(session.Id);
        await Open().AddFramesAsync(session.Id, [given, given], Ct);

        var store = Open();

        Assert.Equal([given, given with { Sequence = 1 }], await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
        Assert.Equal(session.ClientInfo, (await store.GetSessionAsync(session.Id, Ct))?.ClientInfo);
    }

    [Fact]
    public async Task Frame_WithoutMetadataOrPayload_IsAsItWasGiven()
    {
        var store = Open();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        var given = new MessageEnvelope(session.Id, MessageDirection.Internal, TransportType.Stdio, ReadOnlyMemory<byte>.Empty, Make.At);
        await store.AddFrameAsync(given, Ct);

        Assert.Equal([given], await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Frame_MovedToAnotherSession_IsRefused()
    {
        var store = Open();
        var (mine, theirs) = (await store.CreateSessionAsync(Make.Session(), Ct), await store.CreateSessionAsync(Make.Session(), Ct));
        await store.AddFrameAsync(Frame(theirs.Id), Ct);
        var stolen = await _inner.GetFramesAsync(theirs.Id, cancellationToken: Ct).SingleAsync(Ct);
        await _inner.AddFrameAsync(stolen with { SessionId = mine.Id }, Ct);

        await RefusedAsync(store, mine.Id, sequence: 0);
    }

    public static TheoryData<string> Parts { get; } =
        new("payload", "direction", "time", "transport", "kind", "method", "request id", "type of request id", "exchange id", "protocol version", "flags", "mark");

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task Frame_ChangedInAnyPart_IsRefused(string part)
    {
        var store = Open();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Frame(session.Id), Ct);
        await store.AddFrameAsync(Frame(session.Id), Ct);
        var stored = await _inner.GetFramesAsync(session.Id, cancellationToken: Ct).FirstAsync(Ct);
        await _inner.AddFrameAsync(part switch
        {
            "payload" => stored with { Payload = Flipped(stored.Payload) },
            "direction" => stored with { Direction = MessageDirection.Internal },
            "time" => stored with { Timestamp = stored.Timestamp.AddTicks(1) },
            "transport" => stored with { TransportType = TransportType.WebSocket },
            "kind" => stored with { Kind = MessageKind.Error },
            "method" => stored with { Method = "tools/list" },
            "request id" => stored with { RequestId = RequestId.FromNumber(8) },
            "type of request id" => stored with { RequestId = RequestId.FromString("7") },
            "exchange id" => stored with { ExchangeId = null },
            "protocol version" => stored with { ProtocolVersion = "2025-03-26" },
            "flags" => stored with { Flags = MessageFlags.Redacted },
            _ => stored with { Metadata = FrameMetadata.Create([new("shadowcat.protected", "3")]) },
        }, Ct);

        await RefusedAsync(store, session.Id, sequence: 2);
    }

    [Fact]
    public async Task Peer_OfAnotherSessionOrLife_IsRefused()
    {
        var store = Open();
        var theirs = await store.CreateSessionAsync(Make.Session() with { ClientInfo = Peer.Create("theirs", "1") }, Ct);
        var stolen = (await _inner.GetSessionAsync(theirs.Id, Ct))!.ClientInfo;
        var mine = await _inner.CreateSessionAsync(Make.Session() with { ClientInfo = stolen }, Ct);
        var swapped = await _inner.CreateSessionAsync(Make.Session() with { ServerInfo = stolen }, Ct);
        await store.DeleteSessionAsync(theirs.Id, Ct);
        await _inner.CreateSessionAsync(new Session(theirs.Id, TransportType.Http) { ClientInfo = stolen }, Ct);

        foreach (var id in new[] { mine.Id, swapped.Id, theirs.Id })
        {
            var exception = await Assert.ThrowsAsync<SessionSerializationException>(() => store.GetSessionAsync(id, Ct).AsTask());
            Assert.Equal(id, exception.SessionId);
        }
    }

    [Fact]
    public async Task Listing_OfSessionsWithoutTheirKey_PassesThemOver()
    {
        using var log = new CollectingLogger();
        var readable = await Open().CreateSessionAsync(Make.Session() with { ClientInfo = Peer.Create("client", "1") }, Ct);
        var other = new ProtectedSessionStore(_inner, new KeyRing().Open());
        var lost = await other.CreateSessionAsync(Make.Session() with { ClientInfo = Peer.Create("client", "1") }, Ct);
        await other.AddFrameAsync(Frame(lost.Id), Ct);
        var store = new ProtectedSessionStore(_inner, _ring.Open(), logger: log.For<ProtectedSessionStore>());

        Assert.Equal([readable.Id], await store.ListSessionsAsync(cancellationToken: Ct).Select(session => session.Id).ToListAsync(Ct));
        Assert.Equal([readable.Id], (await store.ListSessionPageAsync(cancellationToken: Ct)).Sessions.Select(session => session.Id));
        Assert.Equal(2, await store.CountSessionsAsync(Ct));
        await RefusedAsync(store, lost.Id, sequence: null);
        Assert.All(log.Entries, entry => Assert.DoesNotContain(lost.Id.Value, entry.Text, StringComparison.Ordinal));
        Assert.Equal(2, log.Entries.Count);
    }

    [Fact]
    public async Task Keys_Rotated_ReadWhatOldOnesWroteAndWriteWithTheNew()
    {
        var before = Open();
        var session = await before.CreateSessionAsync(Make.Session() with { ClientInfo = Peer.Create("client", "1") }, Ct);
        await before.AddFrameAsync(Frame(session.Id), Ct);
        _ring.Rotate();

        var after = Open();
        await after.AddFrameAsync(Frame(session.Id), Ct);

        Assert.Equal(2, await after.GetFramesAsync(session.Id, cancellationToken: Ct).CountAsync(Ct));
        Assert.Equal("client", (await after.GetSessionAsync(session.Id, Ct))?.ClientInfo?.Name);
        await after.UpdateSessionAsync((await after.GetSessionAsync(session.Id, Ct))!, Ct);
        _ring.LoseOldest();
        var without = Open();
        await RefusedAsync(without, session.Id, sequence: 0);
        Assert.Equal([1], await without.GetFramesAsync(session.Id, FrameRange.From(1), Ct).Select(frame => frame.Sequence).ToListAsync(Ct));
    }

    [Fact]
    public async Task Unprotected_IsReadOnlyWhereThatIsAllowed()
    {
        var session = await _inner.CreateSessionAsync(Make.FullSession(), Ct);
        await _inner.AddFrameAsync(Frame(session.Id), Ct);
        var migrating = new ProtectedSessionStore(_inner, _ring.Open(), new ProtectedSessionStoreOptions { ReadUnprotected = true });
        await migrating.AddFrameAsync(Frame(session.Id), Ct);

        Assert.Equal(session.ClientInfo, (await migrating.GetSessionAsync(session.Id, Ct))?.ClientInfo);
        Assert.Equal(2, await migrating.GetFramesAsync(session.Id, cancellationToken: Ct).CountAsync(Ct));
        await Assert.ThrowsAsync<SessionSerializationException>(() => Open().GetSessionAsync(session.Id, Ct).AsTask());
        await RefusedAsync(Open(), session.Id, sequence: null);
        await migrating.UpdateSessionAsync((await migrating.GetSessionAsync(session.Id, Ct))!, Ct);
        await RefusedAsync(Open(), session.Id, sequence: 0);
        Assert.Equal([1], await Open().GetFramesAsync(session.Id, FrameRange.From(1), Ct).Select(frame => frame.Sequence).ToListAsync(Ct));
    }

    [Fact]
    public async Task TooLargeOnceProtected_IsRefusedBeforeAnythingIsStored()
    {
        var store = Open();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        var frame = Make.Frame(session.Id, new byte[4090]);

        Assert.Contains("once they are protected", (await Assert.ThrowsAnyAsync<ArgumentException>(() => store.AddFrameAsync(frame, Ct).AsTask())).Message, StringComparison.Ordinal);
        Assert.Contains("once they are protected", (await Assert.ThrowsAnyAsync<ArgumentException>(() => store.AddFramesAsync(session.Id, [frame], Ct).AsTask())).Message, StringComparison.Ordinal);
        var peer = Peer.Create(new string('x', 60_000), "1");
        Assert.Contains("once it is protected", (await Assert.ThrowsAnyAsync<ArgumentException>(() => store.UpdateSessionAsync(session with { ClientInfo = peer }, Ct).AsTask())).Message, StringComparison.Ordinal);
        Assert.Equal(0, await store.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task NoKey_WritingFailsAndNothingIsStored()
    {
        var store = new ProtectedSessionStore(_inner, new KeylessProvider(), new ProtectedSessionStoreOptions { ReadUnprotected = true });
        var session = await _inner.CreateSessionAsync(Make.Session(), Ct);

        Assert.Equal(session.Id, (await Assert.ThrowsAsync<SessionStoreException>(() => store.AddFrameAsync(Frame(session.Id), Ct).AsTask())).SessionId);
        await Assert.ThrowsAsync<SessionStoreException>(() => store.CreateSessionAsync(Make.FullSession(), Ct).AsTask());
        Assert.Equal(0, await store.CountFramesAsync(session.Id, Ct));
        Assert.Equal(1, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Registered_WithCaching_CachesWhatIsReadable()
    {
        var services = new ServiceCollection();
        services.AddDataProtection();
        services.Replace(ServiceDescriptor.Singleton(_ring.Open()));
        services.AddShadowcatSessions().WithDataProtection(options => options.ReadUnprotected = false).WithCaching();
        await using var provider = services.BuildServiceProvider();
        var store = Assert.IsType<CachedSessionStore>(provider.GetRequiredService<ISessionStore>());
        await Poll.UntilAsync(() => Task.FromResult(store.IsCaching), "changes are received through the encryption");

        var session = await store.CreateSessionAsync(Make.FullSession(), Ct);
        await store.AddFrameAsync(Frame(session.Id), Ct);

        Assert.Equal(session.ClientInfo, (await store.GetSessionAsync(session.Id, Ct))?.ClientInfo);
        Assert.Single(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Registered_WithoutDataProtection_SaysWhatIsMissing()
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions().WithDataProtection();
        await using var provider = services.BuildServiceProvider();

        Assert.Contains("AddDataProtection", Assert.Throws<InvalidOperationException>(provider.GetRequiredService<ISessionStore>).Message, StringComparison.Ordinal);
    }

    private static MessageEnvelope Frame(SessionId id) =>
        new(
            id,
            MessageDirection.ClientToServer,
            TransportType.StreamableHttp,
            Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"x":"{{{Secret}}}"}}"""),
            Make.At)
        {
            ExchangeId = "exchange",
            ProtocolVersion = "2025-11-25",
            Metadata = FrameMetadata.Create([new("authorization", Secret), new("empty", ""), new("größe", "🙈")]),
        };

    private static byte[] Flipped(ReadOnlyMemory<byte> payload)
    {
        var bytes = payload.ToArray();
        bytes[^1] ^= 1;
        return bytes;
    }

    private static async Task RefusedAsync(ISessionStore store, SessionId id, long? sequence)
    {
        foreach (var (operation, read) in new (string, Func<ValueTask>)[]
        {
            ("GetFrames", async () => await store.GetFramesAsync(id, FrameRange.From(sequence ?? 0), Ct).CountAsync(Ct)),
            ("FollowFrames", async () => await store.FollowFramesAsync(id, FrameRange.From(sequence ?? 0), Ct).FirstAsync(Ct)),
            ("BorrowFrames", async () =>
            {
                await foreach (var frame in store.BorrowFramesAsync(id, FrameRange.From(sequence ?? 0), Ct))
                {
                    Assert.True(frame.Sequence < sequence);
                }
            }),
        })
        {
            var exception = await Assert.ThrowsAsync<SessionSerializationException>(() => read().AsTask());
            Assert.Equal((operation, id, sequence), (exception.Operation, exception.SessionId, exception.Sequence));
            Assert.DoesNotContain(Secret, exception.ToString(), StringComparison.Ordinal);
        }
    }

    private ProtectedSessionStore Open() => new(_inner, _ring.Open());

    private sealed class KeylessProvider : IDataProtectionProvider, IDataProtector
    {
        public IDataProtector CreateProtector(string purpose) => this;

        public byte[] Protect(byte[] plaintext) => throw new CryptographicException("no key");

        public byte[] Unprotect(byte[] protectedData) => throw new CryptographicException("no key");
    }
}
