using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What somebody else put among the ids of the indexes: passed over, taken out where it is overdue, and never in the way.</summary>
public sealed class ForeignEntryTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const int Foreign = 1200;

    [Fact]
    public async Task Listing_EntriesThatAreNoIds_AreAllPassedOver()
    {
        var store = Lab.Store();
        var sessions = new List<Session>();
        for (var i = 0; i < 3; i++)
        {
            sessions.Add(await store.CreateSessionAsync(Make.Session(), Ct));
        }

        // More of them than a page looks at, in front of every id, and one behind.
        await Lab.Database.SortedSetAddAsync(
            Lab.Partition.Index, [.. Enumerable.Range(0, Foreign).Select(i => new StackExchange.Redis.SortedSetEntry($" not an id {i:D5}", i % 3)), new("~ ü", double.PositiveInfinity), new("no-time", 1.5)]);

        Assert.Equal(
            sessions.Select(session => session.Id).Order(), (await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct)).Select(session => session.Id).Order());
        var page = await store.ListSessionPageAsync(pageSize: 2, cancellationToken: Ct);
        var next = await store.ListSessionPageAsync(pageSize: 2, continuationToken: page.ContinuationToken, cancellationToken: Ct);
        Assert.Equal(3, page.Sessions.Count + next.Sessions.Count);
    }

    [Fact]
    public async Task Counting_OverdueEntriesThatAreNoIds_TakesThemOut()
    {
        var store = Lab.Store();
        await store.CreateSessionAsync(Make.Session(), Ct);
        await Lab.Database.SortedSetAddAsync(Lab.Partition.Expiry, [new(" not an id", 1), new(new byte[] { 0xFF, 0 }, 1), new("no-session", 1)]);

        Assert.Equal(1, await store.CountSessionsAsync(Ct));

        Assert.Equal(1, await Lab.Database.SortedSetLengthAsync(Lab.Partition.Expiry));
    }
}
