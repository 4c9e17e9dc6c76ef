using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Calls of many callers that one script carries out: each stands or falls by itself, and has its own answer.</summary>
public sealed class TogetherTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const int Sessions = 150;

    /// <summary>Sessions in whose place something else stands, the first and the last among them.</summary>
    private static readonly int[] Foreign = [0, 1, 40, 77, Sessions - 1];

    private static readonly IReadOnlyDictionary<string, Func<RedisSessionStore, Session, Task<object>>> Calls = new Dictionary<string, Func<RedisSessionStore, Session, Task<object>>>(StringComparer.Ordinal)
    {
        ["update"] = async (store, session) => (await store.UpdateSessionAsync(session with { CloseReason = session.Id.Value }, Ct)).CloseReason == session.Id.Value,
        ["update of a lifetime"] = async (store, session) => (await store.UpdateSessionAsync(session with { TimeToLive = TimeSpan.FromMinutes(5) }, Ct)).TimeToLive == TimeSpan.FromMinutes(5),
        ["touch"] = async (store, session) => await store.TouchSessionAsync(session.Id, Ct),
        ["delete"] = async (store, session) => await store.DeleteSessionAsync(session.Id, Ct),
        ["delete frames"] = async (store, session) => await store.DeleteFramesAsync(session.Id, cancellationToken: Ct) == 1,
    };

    public static TheoryData<string> Names => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ManyCallersAtOnce_SomeKeysOfAnotherType_EachGetsItsOwnAnswer(string name)
    {
        var (store, other, sessions) = await CreateAsync();
        foreach (var foreign in Foreign)
        {
            await Lab.Database.StringSetAsync(Lab.Partition.Session(sessions[foreign].Id), "somebody else's");
        }

        // The other store knows no list yet: it asks twice for each.
        var calling = sessions.ConvertAll(session => Calls[name](sessions.IndexOf(session) % 2 == 0 ? store : other, session));
        await Task.WhenAll(calling).WaitAsync(Ct).ContinueWith(static _ => { }, TaskScheduler.Default);

        for (var i = 0; i < Sessions; i++)
        {
            if (Foreign.Contains(i))
            {
                await Assert.ThrowsAsync<SessionSerializationException>(() => calling[i]);
                Assert.Equal("somebody else's", await Lab.Database.StringGetAsync(Lab.Partition.Session(sessions[i].Id)));
            }
            else
            {
                Assert.Equal(true, await calling[i]);
            }
        }
    }

    [Theory]
    [InlineData("update")]
    [InlineData("touch")]
    [InlineData("delete")]
    public async Task ManyCallersOfOneSession_EachGetsAnAnswerThatSomeOrderExplains(string name)
    {
        var (store, _, sessions) = await CreateAsync();
        var session = sessions[0];

        var calling = Enumerable.Range(0, 100).Select(_ => Calls[name](store, session)).ToList();
        await Task.WhenAll(calling).WaitAsync(Ct).ContinueWith(static _ => { }, TaskScheduler.Default);

        var done = calling.Count(static call => call.IsCompletedSuccessfully && call.Result is true);
        Assert.Equal(name == "touch" ? calling.Count : 1, done);
        Assert.All(calling.Where(static call => call.IsFaulted), call => Assert.IsType<SessionConflictException>(call.Exception!.InnerException));
    }

    [Fact]
    public async Task EverythingAtOnce_KeepsHashListAndIndexTogether()
    {
        var (store, other, sessions) = await CreateAsync();

        var calling = sessions.SelectMany((session, i) => new Task[]
        {
            Calls["touch"](store, session), Calls[i % 3 == 0 ? "delete" : "update"](other, session), store.AddFrameAsync(Make.Frame(session.Id, 1), Ct).AsTask(),
        }).ToList();
        await Task.WhenAll(calling).WaitAsync(Ct).ContinueWith(static _ => { }, TaskScheduler.Default);

        // Where a session ends between the look and the push, it is not known of the sessions of that batch which was missing.
        Assert.All(
            calling.Where(static call => call.IsFaulted),
            static call => Assert.True(call.Exception!.InnerException is SessionNotFoundException or SessionStoreUnavailableException { OutcomeUnknown: true }, $"{call.Exception}"));
        Assert.Equal(sessions.Where(static (_, i) => i % 3 != 0).Select(static session => session.Id).ToHashSet(), await store.ListSessionsAsync(cancellationToken: Ct).Select(static session => session.Id).ToHashSetAsync(cancellationToken: Ct));
        foreach (var key in (RedisKey[])[Lab.Partition.Expiry, Lab.Partition.Index])
        {
            Assert.Equal(100, await Lab.Database.SortedSetLengthAsync(key));
        }

        Assert.Equal(100, await Lab.Database.SetLengthAsync(Lab.Partition.Active));
    }

    private async Task<(RedisSessionStore Store, RedisSessionStore Other, List<Session> Sessions)> CreateAsync()
    {
        var store = Lab.Store();
        var sessions = new List<Session>(await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => store.CreateSessionAsync(Make.Session(), Ct).AsTask())));
        await Task.WhenAll(sessions.Select(session => store.AddFrameAsync(Make.Frame(session.Id, 0), Ct).AsTask()));
        return (store, Lab.Store(), sessions);
    }
}
