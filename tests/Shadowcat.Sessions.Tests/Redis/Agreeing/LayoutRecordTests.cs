using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>The first store says how sessions are laid out; every other one keeps to it or refuses to work.</summary>
public sealed class LayoutRecordTests(RedisFixture redis) : SharedServerTest(redis)
{
    [Fact]
    public async Task FirstStore_Connects_WritesTheRecord()
    {
        await Lab.Store(configure: redis => redis.Partitions = 3).CountSessionsAsync(Ct);

        var record = (await Lab.Database.HashGetAllAsync(Lab.Record)).ToDictionary(entry => entry.Name.ToString(), entry => entry.Value.ToString());
        Assert.Equal(
            new Dictionary<string, string> { ["schema"] = "3", ["partitions"] = "3", ["tags"] = string.Join(',', PartitionTags.Choose(Lab.Prefix, 3)) }, record);
        Assert.Null(await Lab.Database.KeyTimeToLiveAsync(Lab.Record));
    }

    [Fact]
    public async Task FirstStore_OnAStandaloneServerWithoutTheOption_TakesOnePartition()
    {
        await Lab.Store().CountSessionsAsync(Ct);

        Assert.Equal("1", await Lab.Database.HashGetAsync(Lab.Record, "partitions"));
    }

    [Fact]
    public async Task SecondStore_AsksForOtherPartitions_IsRefusedNamingBoth()
    {
        await Lab.Store(configure: redis => redis.Partitions = 17).CountSessionsAsync(Ct);
        var before = await Lab.DumpAsync();
        var other = Lab.Store(configure: redis => redis.Partitions = 23);

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => other.CreateSessionAsync(Make.Session(), Ct).AsTask());

        Assert.Contains("Partitions is 23", exception.Message, StringComparison.Ordinal);
        Assert.Contains("over 17", exception.Message, StringComparison.Ordinal);
        Assert.Contains(Lab.Prefix, exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Lab.DumpAsync());
    }

    [Fact]
    public async Task SecondStore_WithoutTheOption_AdoptsWhatIsThere()
    {
        var first = Lab.Store(configure: redis => redis.Partitions = 17);
        var sessions = await Task.WhenAll(Make.Sessions(50).Select(session => first.CreateSessionAsync(session, Ct).AsTask()));

        var second = Lab.Store();

        Assert.Equal(sessions, await second.GetSessionsAsync([.. sessions.Select(session => session.Id)], Ct));
        Assert.Equal(50, await second.CountSessionsAsync(Ct));
        Assert.Equal("17", await Lab.Database.HashGetAsync(Lab.Record, "partitions"));
    }

    [Fact]
    public async Task ManyStores_DisagreeAtOnce_OneLayoutWins()
    {
        var stores = Enumerable.Range(1, 8).Select(partitions => (Partitions: partitions, Store: Lab.Store(configure: redis => redis.Partitions = partitions))).ToList();

        var outcomes = await Task.WhenAll(stores.Select(async store => (store.Partitions, Refusal: await Record.ExceptionAsync(() => store.Store.CountSessionsAsync(Ct).AsTask()))));

        var winner = Assert.Single(outcomes, outcome => outcome.Refusal is null);
        Assert.Equal(winner.Partitions, await Lab.Database.HashGetAsync(Lab.Record, "partitions"));
        Assert.All(outcomes.Where(outcome => outcome.Refusal is not null), outcome => Assert.IsType<SessionStoreConfigurationException>(outcome.Refusal));
    }

    [Theory]
    [InlineData("3", "2", null, "damaged")]
    [InlineData("3", "2", "", "damaged")]
    [InlineData("3", "2", "5", "damaged")]
    [InlineData("3", "2", "5,x", "damaged")]
    [InlineData("3", "2", "5,-6", "damaged")]
    [InlineData("3", "two", "5,6", "damaged")]
    [InlineData("3", null, "5,6", "damaged")]
    [InlineData("2", "1", "0", "schema '2'")]
    [InlineData("next", "1", "0", "schema 'next'")]
    [InlineData(null, "1", "0", "schema ''")]
    public async Task Record_DamagedOrNewer_IsRefusedAndLeftAsItIs(string? schema, string? partitions, string? tags, string says)
    {
        foreach (var (name, value) in new[] { ("schema", schema), ("partitions", partitions), ("tags", tags), ("other", "kept") })
        {
            if (value is not null)
            {
                await Lab.Database.HashSetAsync(Lab.Record, name, value);
            }
        }

        var before = await Lab.DumpAsync();
        var store = Lab.Store();

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.CreateSessionAsync(Make.Session(), Ct).AsTask());

        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Lab.DumpAsync());
    }

    [Fact]
    public async Task Record_OfAnotherType_IsRefusedAndLeftAsItIs()
    {
        await Lab.Database.StringSetAsync(Lab.Record, "somebody else's");
        var store = Lab.Store();

        await Assert.ThrowsAsync<SessionSerializationException>(() => store.CountSessionsAsync(Ct).AsTask());

        Assert.Equal("somebody else's", await Lab.Database.StringGetAsync(Lab.Record));
    }

    [Fact]
    public async Task Refusal_PutRight_IsForgotten()
    {
        await Lab.Database.HashSetAsync(Lab.Record, [new HashEntry("schema", "4")]);
        var store = Lab.Store();
        await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.CountSessionsAsync(Ct).AsTask());

        await Lab.Database.KeyDeleteAsync(Lab.Record);

        Assert.Equal(0, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Record_Flushed_IsWrittenAnewByReaping()
    {
        using var logger = new CollectingLogger();
        await using var store = new RedisSessionStore(
            new RedisSessionStoreOptions { Configuration = Lab.Configuration, KeyPrefix = Lab.Prefix, Partitions = 3 }, logger: logger.For<RedisSessionStore>());
        await store.CountSessionsAsync(Ct);
        var before = await Lab.Database.HashGetAllAsync(Lab.Record);
        await Lab.Database.KeyDeleteAsync(Lab.Record);

        await store.ReapExpiredSessionsAsync(Ct);

        Assert.Equal(before.OrderBy(Name), (await Lab.Database.HashGetAllAsync(Lab.Record)).OrderBy(Name));
        Assert.Single(logger.Entries, entry => entry.Id.Id == 24);
        await store.ReapExpiredSessionsAsync(Ct);
        Assert.Single(logger.Entries, entry => entry.Id.Id == 24);
    }

    [Fact]
    public async Task Record_Flushed_IsWrittenAnewWhereNobodyReaps()
    {
        var store = Lab.Store(configure: redis => redis.Partitions = 3);
        await store.CountSessionsAsync(Ct);
        await Lab.Database.KeyDeleteAsync(Lab.Record);

        await Poll.UntilAsync(() => Lab.Database.KeyExistsAsync(Lab.Record), "the store has written the record anew", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Record_OfAnotherLayout_StopsTheStoreUntilItIsTheSameAgain()
    {
        using var logger = new CollectingLogger();
        await using var store = new RedisSessionStore(
            new RedisSessionStoreOptions { Configuration = Lab.Configuration, KeyPrefix = Lab.Prefix, Partitions = 3 }, logger: logger.For<RedisSessionStore>());
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        var record = await Lab.Database.HashGetAllAsync(Lab.Record);
        await Lab.Database.KeyDeleteAsync(Lab.Record);
        await Lab.Store(configure: redis => redis.Partitions = 5).CountSessionsAsync(Ct);

        await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.ReapExpiredSessionsAsync(Ct).AsTask());

        foreach (var (operation, call) in FaultTests.Calls)
        {
            var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => call(store, session.Id));
            Assert.True(exception.Message.Contains("layout record has changed", StringComparison.Ordinal), $"{operation}: {exception}");
        }

        Assert.Single(logger.Entries, entry => entry.Id.Id == 25);
        await Lab.Database.KeyDeleteAsync(Lab.Record);
        await Lab.Database.HashSetAsync(Lab.Record, record);
        Assert.Equal(1, await store.AddFrameAsync(Make.Frame(session.Id), Ct));
    }

    private static string Name(HashEntry entry) => entry.Name.ToString();
}
