using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What a listing in the order of creation costs the server, and what it does where an index is not as it should be.</summary>
public sealed class ListOrderTests : IAsyncLifetime
{
    private const int Ties = 10_000;

    /// <summary>Enough to find a place among them by halves.</summary>
    private const int Halves = 14;

    private RedisServer? _server;
    private RedisLab? _lab;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private RedisLab Lab => _lab!;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartDedicatedAsync();
        _lab = await RedisLab.OpenAsync(_server.Configuration);
    }

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        await _server!.DisposeAsync();
    }

    [Theory]
    [InlineData(SessionOrder.OldestFirst)]
    [InlineData(SessionOrder.NewestFirst)]
    public async Task Pages_TenThousandOfTheSameMillisecond_CostTheSameWhereverTheyAre(SessionOrder order)
    {
        var store = Lab.Store();
        var ids = (await CreateAsync(store, Ties, _ => Make.At)).Order().ToList();
        var filter = new SessionFilter { Order = order };
        var seen = new List<SessionId>();
        string? token = null;
        do
        {
            var before = await Lab.CallsAsync("zrange");
            var page = await store.ListSessionPageAsync(filter, 1000, token, Ct);
            Assert.InRange(await Lab.CallsAsync("zrange") - before, 1, 1 + Halves);
            seen.AddRange(page.Sessions.Select(session => session.Id));
            token = page.ContinuationToken;
        }
        while (token is not null);

        Assert.Equal(order == SessionOrder.OldestFirst ? ids : Enumerable.Reverse(ids), seen);
        Assert.Equal(seen, await store.ListSessionsAsync(filter, Ct).Select(session => session.Id).ToListAsync(Ct));
    }

    [Fact]
    public async Task Listing_CreatedBetween_ReadsNoOtherSessions()
    {
        var store = Lab.Store();
        await CreateAsync(store, 1000, i => Make.At.AddMilliseconds(i));
        var filter = new SessionFilter { CreatedSince = Make.At.AddMilliseconds(500), CreatedBefore = Make.At.AddMilliseconds(510), Order = SessionOrder.NewestFirst };
        var before = await Lab.CallsAsync("hmget");

        Assert.Equal(10, await store.ListSessionsAsync(filter, Ct).CountAsync(Ct));
        Assert.Equal(10, (await store.ListSessionPageAsync(filter, 100, cancellationToken: Ct)).Sessions.Count);

        Assert.Equal(20, await Lab.CallsAsync("hmget") - before);
    }

    [Fact]
    public async Task Page_NewestOfMany_CostsTwoScripts()
    {
        var store = Lab.Store();
        await CreateAsync(store, 2000, i => Make.At.AddMilliseconds(i / 10));
        var filter = new SessionFilter { Order = SessionOrder.NewestFirst };
        var token = (await store.ListSessionPageAsync(filter, 100, cancellationToken: Ct)).ContinuationToken;
        var before = (Scripts: await Lab.CallsAsync("evalsha"), Sessions: await Lab.CallsAsync("hmget"));

        Assert.Equal(100, (await store.ListSessionPageAsync(filter, 100, token, Ct)).Sessions.Count);

        Assert.Equal((2L, 100L), (await Lab.CallsAsync("evalsha") - before.Scripts, await Lab.CallsAsync("hmget") - before.Sessions));
    }

    [Fact]
    public async Task Pages_ThatEndWhereTheSessionsDo_HaveNoEmptyOneBehind()
    {
        var store = Lab.Store();
        await CreateAsync(store, 20, i => Make.At.AddMilliseconds(i));
        var token = (await store.ListSessionPageAsync(pageSize: 10, cancellationToken: Ct)).ContinuationToken;

        Assert.Null((await store.ListSessionPageAsync(pageSize: 10, continuationToken: token, cancellationToken: Ct)).ContinuationToken);
    }

    [Theory]
    [InlineData(SessionOrder.OldestFirst)]
    [InlineData(SessionOrder.NewestFirst)]
    public async Task Listing_OfSeveralPartitionsWithUnevenShares_IsInOrder(SessionOrder order)
    {
        var store = Lab.Store(configure: options => options.Partitions = 7);
        var layout = new RedisLayout(Lab.Prefix, PartitionTags.Choose(Lab.Prefix, 7));
        var created = (await CreateAsync(store, 1500, i => Make.At.AddMilliseconds(i / 3))).ToHashSet();

        // Of one partition nearly all are in front, of another nearly none are left.
        foreach (var id in created.ToList())
        {
            if (layout.PartitionOf(id).Number is 3 or 4 && await store.DeleteSessionAsync(id, Ct))
            {
                created.Remove(id);
            }
        }

        var early = Enumerable.Range(0, 4000).Select(_ => SessionId.New()).Where(id => layout.PartitionOf(id).Number == 3).ToList();
        foreach (var id in early)
        {
            await store.CreateSessionAsync(new Session(id, TransportType.Http) { CreatedAt = Make.At.AddDays(-1) }, Ct);
        }

        var filter = new SessionFilter { Order = order };
        var listed = await store.ListSessionsAsync(filter, Ct).ToListAsync(Ct);
        var paged = new List<SessionId>();
        string? token = null;
        do
        {
            var page = await store.ListSessionPageAsync(filter, 150, token, Ct);
            paged.AddRange(page.Sessions.Select(session => session.Id));
            token = page.ContinuationToken;
        }
        while (token is not null);

        var oldestFirst = listed.OrderBy(session => session.CreatedAt).ThenBy(session => session.Id);
        Assert.Equal(order == SessionOrder.OldestFirst ? oldestFirst : oldestFirst.Reverse(), listed);
        Assert.Equal(created.Concat(early).Order(), listed.Select(session => session.Id).Order());
        Assert.Equal(listed.Select(session => session.Id), paged);
    }

    private static async Task<IReadOnlyList<SessionId>> CreateAsync(RedisSessionStore store, int count, Func<int, DateTimeOffset> at)
    {
        var ids = new List<SessionId>();
        foreach (var some in Enumerable.Range(0, count).Chunk(500))
        {
            var created = some.Select(i => store.CreateSessionAsync(new Session(new SessionId($"{Guid.NewGuid():N}"), TransportType.Http) { CreatedAt = at(i) }, Ct).AsTask());
            ids.AddRange((await Task.WhenAll(created)).Select(session => session.Id));
        }

        return ids;
    }
}
