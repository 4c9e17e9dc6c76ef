using System.Globalization;

namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore.CreateSessionAsync(Session, CancellationToken)"/> promises.</summary>
internal sealed class CreateSessionConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Create_MinimalSession_FillsInWhatTheStoreOwns()
    {
        var store = await StoreAsync(new SessionStoreOptions { TimeToLive = TimeSpan.FromMinutes(5), MaxLifetime = TimeSpan.FromHours(2) });
        var session = Make.Session();
        var before = await Harness.NowAsync();

        var created = await store.CreateSessionAsync(session, Ct);

        Assert.InRange(created.CreatedAt, before.AddMilliseconds(-1), await Harness.NowAsync());
        Assert.Equal(
            session with
            {
                Version = 1,
                CreatedAt = created.CreatedAt,
                LastActivity = created.CreatedAt,
                ExpiresAt = created.ExpiresAt,
                TimeToLive = TimeSpan.FromMinutes(5),
                MaxLifetime = TimeSpan.FromHours(2),
            },
            created);
        AssertEndsByActivity(created);
        Assert.Equal(created, await store.GetSessionAsync(session.Id, Ct));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(SessionStoreLimits.MaxFirstSequence)]
    public async Task Create_FirstSequence_IsWhereFramesBegin(long firstSequence)
    {
        var store = await StoreAsync();
        var session = Make.Session();

        var created = await store.CreateSessionAsync(session, firstSequence, Ct);
        var repeated = await store.CreateSessionAsync(session, firstSequence, Ct);

        Assert.Equal((firstSequence, firstSequence), (created.FrameCount, created.FirstSequence));
        Assert.Equal(created, repeated);
        Assert.Equal(created, await GottenAsync(store, session.Id));
        Assert.Equal(0, await store.CountFramesAsync(session.Id, Ct));
        Assert.Equal(firstSequence, await store.AddFrameAsync(Make.Frame(session.Id, 0), Ct));
        Assert.Equal(firstSequence + 1, await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 2, first: 1), Ct));
        Assert.Equal([firstSequence, firstSequence + 1, firstSequence + 2], (await ReadAsync(store, session.Id)).Select(frame => frame.Sequence));
        Assert.Equal([1, 2], (await ReadAsync(store, session.Id, FrameRange.From(firstSequence + 1))).Select(Make.Number));
        Assert.Equal([2], (await ReadAsync(store, session.Id, FrameRange.Last(1))).Select(Make.Number));
        Assert.Equal(2, await store.DeleteFramesAsync(session.Id, firstSequence + 2, Ct));
        var read = await GottenAsync(store, session.Id);
        Assert.Equal((firstSequence + 3, firstSequence + 2), (read.FrameCount, read.FirstSequence));
    }

    [Fact]
    public async Task Create_FirstSequence_FramesBelowItCountAsTrimmed()
    {
        var store = await StoreAsync();
        var session = await store.CreateSessionAsync(Make.Session(), firstSequence: 7, Ct);

        var exception = await Assert.ThrowsAsync<FramesTrimmedException>(async () => await ReadAsync(store, session.Id, FrameRange.From(6)));

        Assert.Equal((6, 7), (exception.RequestedSequence, exception.FirstSequence));
    }

    [Fact]
    public async Task Create_NoMaxLifetimeAnywhere_LeavesItNull()
    {
        var store = await StoreAsync();

        var created = await CreatedAsync(store);

        Assert.Null(created.MaxLifetime);
        Assert.Equal(TimeSpan.FromHours(1), created.TimeToLive);
    }

    [Fact]
    public async Task Create_SessionWithEverything_KeepsEverything()
    {
        var store = await StoreAsync(new SessionStoreOptions { TimeToLive = TimeSpan.FromMinutes(5), MaxLifetime = TimeSpan.FromMinutes(6) });
        var session = Make.FullSession();

        var created = await store.CreateSessionAsync(session, Ct);

        Assert.Equal(session with { Version = 1, LastActivity = created.LastActivity, ExpiresAt = created.ExpiresAt }, created);
        var read = await GottenAsync(store, session.Id);
        Assert.Equal(created, read);
        Assert.Equal(session.ClientInfo!.Json, read.ClientInfo?.Json);
        Assert.Equal(session.VersionState!.Attempts, read.VersionState?.Attempts);
        Assert.Equal(session.Tags, read.Tags);
    }

    [Fact]
    public async Task Create_WhatTheStoreOwnsWasGiven_IgnoresIt()
    {
        var store = await StoreAsync();
        var session = Make.Session() with
        {
            Version = 42,
            FrameCount = 17,
            FirstSequence = 5,
            LastActivity = Make.At,
            ExpiresAt = Make.At,
        };

        var created = await store.CreateSessionAsync(session, Ct);

        Assert.Equal((1, 0, 0), (created.Version, created.FrameCount, created.FirstSequence));
        Assert.NotEqual(Make.At, created.LastActivity);
        AssertEndsByActivity(created);
        Assert.Equal(created, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id), Ct));
    }

    [Theory]
    [InlineData("1960-02-03T04:05:06.789Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("2020-06-07T08:09:10.011Z")]
    [InlineData("2199-12-31T23:59:59.999Z")]
    public async Task Create_CreatedAtGiven_KeepsIt(string time)
    {
        var store = await StoreAsync();
        var createdAt = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        var before = await Harness.NowAsync();

        var created = await store.CreateSessionAsync(Make.Session() with { CreatedAt = createdAt }, Ct);

        Assert.Equal(createdAt, created.CreatedAt);
        Assert.InRange(created.LastActivity, before.AddMilliseconds(-1), await Harness.NowAsync());
        Assert.Equal(created, await store.GetSessionAsync(created.Id, Ct));
    }

    [Fact]
    public async Task Create_SameValueTwice_ReturnsTheSessionAsItStands()
    {
        var store = await StoreAsync();
        var session = Make.Session();

        var created = await store.CreateSessionAsync(session, Ct);
        Assert.Equal(created, await store.CreateSessionAsync(session, Ct));

        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        var updated = await store.UpdateSessionAsync(created with { Tags = ["changed"] }, Ct);

        Assert.Equal(updated, await store.CreateSessionAsync(session, Ct));
        Assert.Equal(updated, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(1, await store.CountFramesAsync(session.Id, Ct));
        Assert.Equal(1, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Create_SameValueFromAnotherStore_ReturnsTheSessionAsItStands()
    {
        var session = Make.Session();
        var created = await (await StoreAsync()).CreateSessionAsync(session, Ct);

        Assert.Equal(created, await (await StoreAsync()).CreateSessionAsync(session, Ct));
    }

    [Fact]
    public async Task Create_SameGenerationOtherContent_ReturnsTheSessionAsItStands()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);

        Assert.Equal(created, await store.CreateSessionAsync(created with { Tags = ["other"], Version = 0 }, Ct));
    }

    [Fact]
    public async Task Create_IdTakenByAnotherGeneration_IsRefused()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, frames: 3);
        var stored = await store.GetSessionAsync(created.Id, Ct);

        var exception = await Assert.ThrowsAsync<SessionAlreadyExistsException>(
            async () => await store.CreateSessionAsync(new Session(created.Id, TransportType.Stdio) { Tags = ["other"] }, Ct));

        Assert.Equal(created.Id, exception.SessionId);
        Assert.Equal("CreateSession", exception.Operation);
        Assert.Equal(stored, await store.GetSessionAsync(created.Id, Ct));
        Assert.Equal(3, await store.CountFramesAsync(created.Id, Ct));
        Assert.Equal(1, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Create_GenerationDeletedSince_DoesNotComeBack()
    {
        var store = await StoreAsync();
        var session = Make.Session();
        await store.CreateSessionAsync(session, Ct);
        await store.DeleteSessionAsync(session.Id, Ct);

        await NotFoundAsync(session.Id, "CreateSession", async () => await store.CreateSessionAsync(session, Ct));
        var other = await StoreAsync();
        await NotFoundAsync(session.Id, "CreateSession", async () => await other.CreateSessionAsync(session, Ct));

        Assert.Null(await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        Assert.Empty(await ListedAsync(store));
    }

    [Fact]
    public async Task Create_NewGenerationOfADeletedId_StartsAfresh()
    {
        var store = await StoreAsync();
        var old = await CreatedAsync(store, frames: 5);
        await store.UpdateSessionAsync(old.Id, session => session with { Tags = ["old"] }, Ct);
        await store.DeleteSessionAsync(old.Id, Ct);

        var created = await store.CreateSessionAsync(new Session(old.Id, TransportType.Stdio), Ct);

        Assert.Equal((1, 0, 0), (created.Version, created.FrameCount, created.FirstSequence));
        Assert.Equal(SessionTags.None, created.Tags);
        Assert.NotEqual(old.Generation, created.Generation);
        Assert.Empty(await ReadAsync(store, old.Id));
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(old.Id, 0), Ct));
        Make.AssertNumbered(await ReadAsync(store, old.Id), 0, 1);
    }

    [Fact]
    public async Task Create_OlderOfTwoDeletedGenerations_DoesNotComeBack()
    {
        var store = await StoreAsync();
        var oldest = Make.Session();
        var newer = new Session(oldest.Id, TransportType.Stdio);
        foreach (var session in new[] { oldest, newer })
        {
            await store.CreateSessionAsync(session, Ct);
            await store.DeleteSessionAsync(session.Id, Ct);
        }

        await NotFoundAsync(oldest.Id, "CreateSession", async () => await store.CreateSessionAsync(newer, Ct));
        await NotFoundAsync(oldest.Id, "CreateSession", async () => await store.CreateSessionAsync(oldest, Ct));

        Assert.Equal(0, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Create_OldGenerationWhileANewOneLives_IsRefused()
    {
        var store = await StoreAsync();
        var old = Make.Session();
        await store.CreateSessionAsync(old, Ct);
        await store.DeleteSessionAsync(old.Id, Ct);
        var created = await store.CreateSessionAsync(new Session(old.Id, TransportType.Stdio), Ct);

        await Assert.ThrowsAnyAsync<SessionStoreException>(async () => await store.CreateSessionAsync(old, Ct));

        Assert.Equal(created, await store.GetSessionAsync(old.Id, Ct));
    }

    [Fact]
    public async Task Create_OfOneId_TellsSixGenerationsApart()
    {
        var store = await StoreAsync();
        var id = SessionId.New();
        for (var life = 0; life < 6; life++)
        {
            var created = await store.CreateSessionAsync(new Session(id, TransportType.Http) { Tags = [$"life {life}"] }, Ct);
            Assert.Equal(life, await AppendedAsync(store, id, life));
            Assert.Equal(created.Generation, (await GottenAsync(store, id)).Generation);
            Assert.True(await store.DeleteSessionAsync(id, Ct));
        }

        Assert.Equal(0, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    [ExactSizes]
    public async Task Create_LargestSessionAllowed_IsKept()
    {
        var store = await StoreAsync();
        var session = Make.Session() with
        {
            ClientInfo = Peer.Parse($$"""{"name":"{{new string('x', Peer.MaxJsonBytes - 100)}}"}"""),
            ServerInfo = Peer.Parse($$"""{"name":"{{new string('y', Peer.MaxJsonBytes - 100)}}"}"""),
            Tags = SessionTags.Create([.. Enumerable.Range(0, SessionTags.MaxCount).Select(i => new SessionTag($"{i:000}" + new string('t', 125)))]),
            CloseReason = new string('r', 4096),
        };

        var created = await store.CreateSessionAsync(session, Ct);

        Assert.Equal(session.ClientInfo, created.ClientInfo);
        Assert.Equal(created, await store.GetSessionAsync(session.Id, Ct));
    }

    private static async Task<int> AppendedAsync(ISessionStore store, SessionId id, int count)
    {
        if (count > 0)
        {
            await store.AddFramesAsync(id, Make.Frames(id, count), Ct);
        }

        return (int)(await GottenAsync(store, id)).FrameCount;
    }
}
