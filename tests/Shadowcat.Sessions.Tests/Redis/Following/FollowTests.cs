using System.Collections.Concurrent;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>How followers of sessions on Redis are woken: who publishes what, and who listens. That they miss nothing however they are woken is in the conformance suite.</summary>
public sealed class FollowTests(RedisFixture redis) : SharedServerTest(redis)
{
    private readonly string _configuration = redis.Configuration;
    private readonly ConcurrentQueue<string> _published = new();

    private string ChannelName => Lab.Prefix + ":followed";

    [Theory]
    [InlineData(null)]
    [InlineData(5)]
    public async Task Append_ByAnotherStore_IsPublishedWhereSomebodyFollows(int? cap)
    {
        await ListenAsync();
        var writer = Lab.Store(_configuration, new SessionStoreOptions { MaxFramesPerSession = cap });
        var sessions = await Task.WhenAll(Make.Sessions(2).Select(session => writer.CreateSessionAsync(session, Ct).AsTask()));
        var (followed, other) = (sessions[0], sessions[1]);
        await AppendAsync(writer, 3);
        await using var follower = Follow(Lab.Store(_configuration), followed.Id);
        await TakeAsync(follower, 3);
        var next = follower.MoveNextAsync().AsTask();
        await NotedAsync(followed.Id);

        await AppendAsync(writer, 4);

        Assert.True(await next);
        await PublishedAsync(Enumerable.Range(4, 4).Select(end => $"1 {end} {followed.Id}"));

        async Task AppendAsync(RedisSessionStore store, int count)
        {
            for (var i = 0; i < count; i++)
            {
                await store.AddFrameAsync(Make.Frame(followed.Id), Ct);
                await store.AddFrameAsync(Make.Frame(other.Id), Ct);
            }
        }
    }

    [Fact]
    public async Task UpdateAndDelete_ArePublishedWhereSomebodyFollows()
    {
        await ListenAsync();
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(new Session(new SessionId("}:session:{a}:frames:b"), TransportType.Stdio), Ct);
        session = await store.UpdateSessionAsync(session with { Tags = ["unseen"] }, Ct);
        await using var follower = Follow(store, session.Id);
        var next = follower.MoveNextAsync().AsTask();
        await NotedAsync(session.Id);

        await store.UpdateSessionAsync(session with { Tags = ["seen"] }, Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        Assert.True(await next);
        await store.DeleteSessionAsync(session.Id, Ct);

        await Assert.ThrowsAsync<SessionNotFoundException>(async () => await follower.MoveNextAsync());
        await PublishedAsync([$"1 0 {session.Id}", $"1 1 {session.Id}", $"1 0 {session.Id}"]);
    }

    [Fact]
    public async Task Follow_ThousandSessions_OneSubscriptionAStoreAndNoneAfterwards()
    {
        const int Sessions = 1000;
        RedisSessionStore[] stores = [Lab.Store(_configuration), Lab.Store(_configuration)];
        var sessions = await Task.WhenAll(Make.Sessions(Sessions).Select(session => stores[0].CreateSessionAsync(session, Ct).AsTask()));
        var followers = sessions.SelectMany(session => stores.Select(store => Follow(store, session.Id))).ToList();
        var first = followers.ConvertAll(follower => follower.MoveNextAsync().AsTask());
        await Poll.UntilAsync(async () => await SubscriptionsAsync() == stores.Length, "each store listens, once");

        // However many are there, each is notified of its own session.
        await Task.WhenAll(sessions.Select(session => stores[0].AddFrameAsync(Make.Frame(session.Id), Ct).AsTask()));
        Assert.All(await Task.WhenAll(first), Assert.True);
        Assert.All(followers.Chunk(2), pair => Assert.Equal(pair[0].Current, pair[1].Current));
        Assert.Equal(stores.Length, await SubscriptionsAsync());

        foreach (var follower in followers)
        {
            await follower.DisposeAsync();
        }

        await Poll.UntilAsync(async () => await SubscriptionsAsync() == 0, "nobody listens any more");
    }

    [Fact]
    public async Task Follow_ManyFollowersOfOneSession_LeaveOneNote()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        var followers = Enumerable.Range(0, 50).Select(_ => Follow(store, session.Id)).ToList();
        foreach (var follower in followers)
        {
            await TakeAsync(follower, 1);
        }

        var name = await ListNameAsync(session.Id);
        var next = followers.ConvertAll(follower => follower.MoveNextAsync().AsTask());
        await NotedAsync(session.Id);
        var renamed = await ListNameAsync(session.Id);
        await store.AddFrameAsync(Make.Frame(session.Id, 1), Ct);

        Assert.All(await Task.WhenAll(next), Assert.True);
        Assert.NotEqual(name, renamed);
        Assert.Equal(renamed, await ListNameAsync(session.Id));
        foreach (var follower in followers)
        {
            await follower.DisposeAsync();
        }
    }

    [Fact]
    public async Task Follow_ClosedSession_ListensToNothing()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session().AsClosed(SessionStatus.Completed), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 10), Ct);

        Make.AssertNumbered(await store.FollowFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 10);

        Assert.False(await Lab.Database.HashExistsAsync(Lab.Partition.Session(session.Id), "followed"));
        Assert.Equal(0, await SubscriptionsAsync());
    }

    [Fact]
    public async Task Follow_WhereTheApplicationEndsAllSubscriptions_IsWokenAgain()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await using var follower = Follow(store, session.Id);
        var next = follower.MoveNextAsync().AsTask();
        await Poll.UntilAsync(async () => await SubscriptionsAsync() == 1, "the store listens");

        await Lab.Connection.GetSubscriber().UnsubscribeAllAsync();

        await Poll.UntilAsync(async () => await SubscriptionsAsync() == 1, "it listens again");
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        Assert.True(await next);
    }

    [Fact]
    public async Task Message_ThatIsNotUnderstood_HarmsNothing()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await using var follower = Follow(store, session.Id);
        var next = follower.MoveNextAsync().AsTask();
        await NotedAsync(session.Id);

        foreach (var message in new[] { "", "2 whatever comes", "1", "1 ", "1 5", "1 5 ", "1 -1 x", $"1 99999999999999999999 {session.Id}", $"1 7 {session.Id}", $"1 0 {session.Id}" })
        {
            await Lab.Database.ExecuteAsync("PUBLISH", ChannelName, message);
        }

        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        Assert.True(await next);
        Make.AssertNumbered([follower.Current], 0, 1);
    }

    [Fact]
    public async Task Store_DisposedOf_EndsItsFollowers()
    {
        var store = Lab.Store(_configuration);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await using var follower = Follow(store, session.Id);
        await TakeAsync(follower, 1);
        var next = follower.MoveNextAsync().AsTask();

        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => next);
    }

    [Fact]
    public async Task Follow_ConnectionsKilledAgainAndAgain_YieldsEachOnceInOrder()
    {
        const int Frames = 300;
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var writer = lab.Store(server.Configuration);
        var session = await writer.CreateSessionAsync(Make.Session(), Ct);
        var following = lab.Store(server.Configuration).FollowFramesAsync(session.Id, FrameRange.From(0, Frames), Ct).ToListAsync(Ct).AsTask();

        for (var i = 0; i < Frames; i++)
        {
            if (i % 50 == 25)
            {
                await lab.Server.ExecuteAsync("CLIENT", "KILL", "TYPE", i % 100 == 25 ? "pubsub" : "normal", "SKIPME", "yes");
            }

            await writer.AddFrameAsync(Make.Frame(session.Id, i), Ct);
        }

        var frames = await following;
        Make.AssertNumbered(frames, 0, Frames);
        Assert.Equal(Enumerable.Range(0, Frames), frames.Select(Make.Number));
    }

    [Theory]
    [InlineData("resetchannels")] // neither publishes nor subscribes
    [InlineData("-subscribe")]
    [InlineData("-publish")]
    public async Task Follow_WithoutTheRightToBeWoken_SeesEverythingAllTheSame(string rights)
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        await Account.GrantAsync(lab.Server, "limited", "~*", "&*", "+@all", rights);
        var limited = $"{server.Configuration},user=limited,password=pass";
        var writer = lab.Store(limited, configure: options => options.PublishChanges = false);
        var session = await writer.CreateSessionAsync(Make.Session(), Ct);
        await using var follower = Follow(lab.Store(limited, configure: options => options.PublishChanges = false), session.Id);
        var next = follower.MoveNextAsync().AsTask();
        await NotedAsync(session.Id, lab);

        await writer.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct);
        await writer.AddFramesAsync(session.Id, Make.Frames(session.Id, 3, first: 3), Ct);
        await writer.CloseSessionAsync(session.Id, cancellationToken: Ct);

        Assert.True(await next);
        Make.AssertNumbered([follower.Current, .. await TakeAsync(follower, 5)], 0, 6);
        Assert.False(await follower.MoveNextAsync());
        Assert.True(await writer.DeleteSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Follow_WithoutTheRightToWrite_SeesEverythingAllTheSame()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        await Account.GrantAsync(lab.Server, "limited", "~*", "&*", "+@all", "-hset");
        var writer = lab.Store(server.Configuration);
        var session = await writer.CreateSessionAsync(Make.Session(), Ct);
        await using var follower = Follow(lab.Store($"{server.Configuration},user=limited,password=pass"), session.Id);
        var next = follower.MoveNextAsync().AsTask();

        await writer.AddFrameAsync(Make.Frame(session.Id), Ct);

        Assert.True(await next);
        Make.AssertNumbered([follower.Current], 0, 1);
        Assert.False(await lab.Database.HashExistsAsync(lab.Partition.Session(session.Id), "followed"));
    }

    private static IAsyncEnumerator<MessageEnvelope> Follow(RedisSessionStore store, SessionId id) => store.FollowFramesAsync(id, cancellationToken: Ct).GetAsyncEnumerator(Ct);

    private static async Task<IReadOnlyList<MessageEnvelope>> TakeAsync(IAsyncEnumerator<MessageEnvelope> frames, int count)
    {
        var taken = new List<MessageEnvelope>();
        while (taken.Count < count)
        {
            Assert.True(await frames.MoveNextAsync());
            taken.Add(frames.Current);
        }

        return taken;
    }

    /// <summary>Comes back when the server knows that somebody follows: from then on it is published.</summary>
    private Task NotedAsync(SessionId id, RedisLab? lab = null) => Poll.UntilAsync(
        async () => await (lab ?? Lab).Database.HashExistsAsync((lab ?? Lab).Partition.Session(id), "followed"), "the server knows of the follower");

    private Task ListenAsync() => Lab.Connection.GetSubscriber().SubscribeAsync(RedisChannel.Literal(ChannelName), (_, message) => _published.Enqueue(message!));

    /// <summary>What was published, in this order or another, and no more; the listener's own words aside.</summary>
    private async Task PublishedAsync(IEnumerable<string> expected)
    {
        var ordered = expected.Order(StringComparer.Ordinal).ToList();
        await Poll.UntilAsync(() => Task.FromResult(Received().Count >= ordered.Count), "it is published");
        Assert.Equal(ordered, Received());
        List<string> Received() => [.. _published.Where(message => !message.StartsWith('?')).Order(StringComparer.Ordinal)];
    }

    private async Task<string> ListNameAsync(SessionId id) =>
        (await Lab.Database.HashGetAsync(Lab.Partition.Session(id), "list")).ToString().Split(' ')[0];

    private async Task<long> SubscriptionsAsync() => (long)((RedisResult[])(await Lab.Database.ExecuteAsync("PUBSUB", "NUMSUB", ChannelName))!)[1];
}
