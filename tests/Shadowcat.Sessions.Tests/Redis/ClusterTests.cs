using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What a cluster does with slots and nodes, seen from a store. Each test has a cluster of its own.</summary>
public sealed class ClusterTests
{
    private const int Sessions = 300;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(600);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Layout_NothingAsked_SpreadsSessionsOverAllPrimaries()
    {
        await using var cluster = await ClusterFixture.StartDedicatedAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(cluster.Configuration);
        await using var store = NewStore(cluster);
        var sessions = new List<Session>();
        foreach (var session in Make.Sessions(Sessions))
        {
            sessions.Add(await store.CreateSessionAsync(session, Ct));
            await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        }

        Assert.Equal("256", await connection.GetDatabase().HashGetAsync("shadowcat:layout", "partitions"));
        foreach (var primary in (await cluster.ViewAsync()).Where(node => node.IsPrimary))
        {
            var partitions = PartitionTags.Choose("shadowcat", 256).Count(tag => primary.Serves(PartitionTags.SlotOf($"shadowcat:{tag}")));
            Assert.InRange(partitions, 84, 87);
            Assert.InRange(sessions.Count(session => primary.Serves(SlotOf(session.Id))), 1, Sessions - 2);
        }

        Assert.Equal(Sessions, await store.CountSessionsAsync(Ct));
        Assert.Equal(sessions.Select(session => session.Id).Order(), (await store.ListSessionsAsync(cancellationToken: Ct).Select(session => session.Id).ToListAsync(Ct)).Order());
        Assert.All(await store.GetSessionsAsync([.. sessions.Select(session => session.Id)], Ct), session => Assert.Equal(1, session!.FrameCount));
    }

    [Fact]
    public async Task Slot_OnItsWay_IsToldOfOrWaitedForAndThenServed()
    {
        await using var cluster = await ClusterFixture.StartDedicatedAsync();
        await using var store = NewStore(cluster);
        await using var hasty = NewStore(cluster, Short);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id, 0), Ct));
        Assert.Equal(1, await hasty.AddFrameAsync(Make.Frame(session.Id, 1), Ct));
        var slot = SlotOf(session.Id);
        var target = (await cluster.ViewAsync()).First(node => node.IsPrimary && !node.Serves(slot));

        // While every key is at the source, it serves; a key that is at neither side might be at the other one.
        var source = await cluster.BeginMigrationAsync(slot, target);
        Assert.Equal(2, await store.AddFrameAsync(Make.Frame(session.Id, 2), Ct));
        await RefusedAsync(() => hasty.CreateSessionAsync(Neighbour(session.Id), Ct).AsTask());

        // Keys on both sides: neither has them all.
        await RedisCluster.MoveKeysAsync(slot, source, target, keys => keys.Where(key => key.Contains("}:session:", StringComparison.Ordinal)));
        await RefusedAsync(() => hasty.TouchSessionAsync(session.Id, Ct).AsTask());
        await RefusedAsync(() => hasty.DeleteSessionAsync(session.Id, Ct).AsTask());
        var reading = store.GetSessionAsync(session.Id, Ct).AsTask();
        var waiting = store.AddFrameAsync(Make.Frame(session.Id, 3), Ct).AsTask();

        // Every key at the target: a script that also names a key which is not there yet has to wait for the end.
        await RedisCluster.MoveKeysAsync(slot, source, target, keys => keys);

        await cluster.EndMigrationAsync(slot, target);
        Assert.Equal(3, await waiting);
        Assert.Equal(session.Id, (await reading)!.Id);
        Assert.Equal(4, await hasty.AddFrameAsync(Make.Frame(session.Id, 4), Ct));
        Assert.Equal(5, await store.AddFrameAsync(Make.Frame(session.Id, 5), Ct));
        Assert.Equal(6, await hasty.AddFrameAsync(Make.Frame(session.Id, 6), Ct));
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 7);
        Assert.True(await store.DeleteSessionAsync(session.Id, Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Replica_TakingOver_HasEverythingAndGoesOn()
    {
        await using var cluster = await ClusterFixture.StartDedicatedAsync();
        await using var store = NewStore(cluster);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 10), Ct);
        var primary = await cluster.PrimaryOfAsync(SlotOf(session.Id));

        await cluster.FailOverAsync((await cluster.ViewAsync()).First(node => node.PrimaryId == primary.Id));

        Assert.Equal(10, await store.AddFrameAsync(Make.Frame(session.Id, 10), Ct));
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 11);
        Assert.Equal(2, (await store.UpdateSessionAsync(session, Ct)).Version);
    }

    [Fact]
    public async Task Slots_ServedByNobody_FailAloneAndReturn()
    {
        await using var cluster = await ClusterFixture.StartDedicatedAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var store = NewStore(cluster, Short);
        var sessions = new List<SessionId>();
        foreach (var session in Make.Sessions(30))
        {
            sessions.Add((await store.CreateSessionAsync(session, Ct)).Id);
        }

        var view = await cluster.ViewAsync();
        var primary = await cluster.PrimaryOfAsync(SlotOf(sessions[0]));
        var replica = view.First(node => node.PrimaryId == primary.Id);
        await replica.Process.KillAsync();
        await primary.Process.KillAsync();

        foreach (var id in sessions)
        {
            if (primary.Serves(SlotOf(id)))
            {
                await UnavailableAsync(() => store.AddFrameAsync(Make.Frame(id), Ct).AsTask());
            }
            else
            {
                await store.AddFrameAsync(Make.Frame(id), Ct);
            }
        }

        await UnavailableAsync(() => store.CountSessionsAsync(Ct).AsTask());
        await UnavailableAsync(() => store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct).AsTask());

        await primary.Process.StartAsync();
        await replica.Process.StartAsync();
        await cluster.WaitUntilWholeAsync();
        await Poll.UntilAsync(async () => await Record.ExceptionAsync(() => store.CountSessionsAsync(Ct).AsTask()) is null, "every partition is served again");
        Assert.Equal(30, await store.CountSessionsAsync(Ct));
        Assert.All(await store.GetSessionsAsync(sessions, Ct), Assert.NotNull);
    }

    private static RedisSessionStore NewStore(RedisCluster cluster, TimeSpan? timeout = null) =>
        new(new RedisSessionStoreOptions { Configuration = cluster.Configuration, OperationTimeout = timeout ?? Poll.DefaultDeadline, TombstoneTimeToLive = TimeSpan.FromMinutes(1) });

    private static RedisPartition PartitionOf(SessionId id, string prefix = "shadowcat") =>
        new RedisLayout(prefix, PartitionTags.Choose(prefix, LayoutAgreement.DefaultPartitionsOnCluster)).PartitionOf(id);

    internal static int SlotOf(SessionId id, string prefix = "shadowcat")
    {
        var key = PartitionOf(id, prefix).Session(id).ToString();
        return PartitionTags.SlotOf(key[1..key.IndexOf('}')]);
    }

    /// <summary>Another session of the same partition.</summary>
    private static Session Neighbour(SessionId id)
    {
        var partition = PartitionOf(id).Number;
        return Make.Sessions(int.MaxValue).First(session => PartitionOf(session.Id).Number == partition);
    }

    /// <summary>Asserts that a call fails because the slot is on its way and nothing was done; or, where its time ended during a try, that it may have been.</summary>
    private static async Task RefusedAsync(Func<Task> call)
    {
        var exception = await Assert.ThrowsAnyAsync<SessionStoreException>(call);
        Assert.True(
            exception is SessionTimeoutException
            || (exception is SessionStoreUnavailableException { OutcomeUnknown: false } && exception.Message.Contains("TRYAGAIN", StringComparison.Ordinal)),
            $"{exception}");
    }

    private static async Task UnavailableAsync(Func<Task> call)
    {
        var exception = await Assert.ThrowsAnyAsync<SessionStoreException>(call);
        Assert.True(exception is SessionStoreUnavailableException or SessionTimeoutException, $"{exception}");
    }
}
