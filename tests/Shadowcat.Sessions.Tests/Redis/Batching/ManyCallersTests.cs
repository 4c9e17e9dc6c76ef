using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Commands of many callers go out together; each caller gets the answer to its own, or stops waiting for it by itself.</summary>
public sealed class ManyCallersTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const int Callers = 64;

    private readonly HoldingProxy _proxy = new(redis.Configuration.Split(',')[0]);

    public override async ValueTask DisposeAsync()
    {
        _proxy.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Get_ManyCallers_EachGetsItsOwn()
    {
        var store = Lab.Store();
        var ids = await CreatedAsync(store);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                for (var i = 0; i < 200; i++)
                {
                    var id = ids[((caller * 7) + i) % ids.Length];
                    Assert.Equal(id, (await store.GetSessionAsync(id, Ct))!.Id);
                }
            },
            Ct)));
    }

    [Fact]
    public async Task Get_AnswersComeWhenNobodyWaitsForThemAnyMore_ReachNobodyElse()
    {
        var store = Lab.Store(_proxy.Configuration, configure: redis => (redis.OperationTimeout, redis.BreakerEnabled) = (TimeSpan.FromMilliseconds(500), false));
        var ids = await CreatedAsync(store);
        _proxy.Hold();

        var exceptions = await Task.WhenAll(ids.Select(async id => (Id: id, Exception: await Record.ExceptionAsync(async () => await store.GetSessionAsync(id, Ct)))));

        Assert.All(exceptions, outcome =>
        {
            var exception = Assert.IsType<SessionTimeoutException>(outcome.Exception);
            Assert.Equal((outcome.Id, Operations.GetSession), (exception.SessionId, exception.Operation));
        });

        // Those who ask now use what those before them used, whose answers come first.
        var asking = ids.Reverse().Select(id => store.GetSessionAsync(id, Ct).AsTask()).ToList();
        _proxy.Release();

        var answers = await Task.WhenAll(asking.Select(async (task, i) => (Wanted: ids[^(i + 1)], Exception: await Record.ExceptionAsync(() => task), Task: task)));
        Assert.All(answers.Where(answer => answer.Exception is not null), answer => Assert.IsType<SessionTimeoutException>(answer.Exception));
        foreach (var (wanted, _, task) in answers.Where(answer => answer.Exception is null))
        {
            Assert.Equal(wanted, (await task)!.Id);
        }

        await Poll.UntilAsync(async () => await Record.ExceptionAsync(async () => await store.GetSessionAsync(ids[0], Ct)) is null, "the store answers again");
        foreach (var id in ids)
        {
            Assert.Equal(id, (await store.GetSessionAsync(id, Ct))!.Id);
        }
    }

    [Fact]
    public async Task Get_SomeCancelled_TheOthersAreAnswered()
    {
        var store = Lab.Store(_proxy.Configuration);
        var ids = await CreatedAsync(store);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        _proxy.Hold();
        var asking = ids.Select((id, i) => store.GetSessionAsync(id, i % 2 == 0 ? cancelling.Token : Ct).AsTask()).ToList();

        await cancelling.CancelAsync();

        for (var i = 0; i < ids.Length; i += 2)
        {
            var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking[i]);
            Assert.Equal(cancelling.Token, exception.CancellationToken);
        }

        _proxy.Release();
        for (var i = 1; i < ids.Length; i += 2)
        {
            Assert.Equal(ids[i], (await asking[i])!.Id);
        }
    }

    [Fact]
    public async Task Get_AnswersAreAwaited_ReadersGoTogether()
    {
        var store = Lab.Store(_proxy.Configuration);
        var ids = await CreatedAsync(store);
        await store.GetSessionAsync(ids[0], Ct); // the server has the script from then on
        _proxy.Forget();
        _proxy.Hold();
        var asking = ids.Select(id => store.GetSessionAsync(id, Ct).AsTask()).ToList();
        _proxy.Release();

        Assert.Equal(ids, (await Task.WhenAll(asking)).Select(session => session!.Id));
        Assert.InRange(_proxy.Asked("EVALSHA"), 2, ids.Length / 2);
    }

    [Fact]
    public async Task Get_OneOfThoseTogetherCannotBeRead_TheOthersAre()
    {
        var store = Lab.Store(_proxy.Configuration);
        var ids = await CreatedAsync(store);
        await Lab.Database.StringSetAsync(Lab.Partition.Session(ids[^1]), "somebody else's");
        await Lab.Database.HashSetAsync(Lab.Partition.Session(ids[^2]), "format", 77);
        await Lab.Database.KeyDeleteAsync(Lab.Partition.Session(ids[^3]));
        _proxy.Hold();
        var asking = ids.Select(id => store.GetSessionAsync(id, Ct).AsTask()).ToList();
        _proxy.Release();

        Assert.Equal(ids[..^3], (await Task.WhenAll(asking[..^3])).Select(session => session!.Id));
        Assert.Null(await asking[^3]);
        Assert.Equal((ids[^2], 77L), await RefusedAsync(asking[^2]));
        Assert.Equal((ids[^1], null), await RefusedAsync(asking[^1]));

        static async Task<(SessionId?, long?)> RefusedAsync(Task asking)
        {
            var exception = await Assert.ThrowsAsync<SessionSerializationException>(() => asking);
            return (exception.SessionId, exception.FormatVersion);
        }
    }

    private static async Task<SessionId[]> CreatedAsync(RedisSessionStore store) =>
        [.. (await Task.WhenAll(Make.Sessions(Callers).Select(session => store.CreateSessionAsync(session, Ct).AsTask()))).Select(session => session.Id)];
}
