using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A server that evicts keys may take a session and leave its frames.</summary>
public sealed class EvictionTests(RedisFixture redis) : SharedServerTest(redis)
{
    [Fact]
    public async Task Create_PredecessorEvictedWithoutItsFrames_BeginsWithNone()
    {
        var store = Lab.Store();
        var evicted = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(evicted.Id, Make.Frames(evicted.Id, 5), Ct);
        await Lab.Database.KeyDeleteAsync(Lab.Partition.Session(evicted.Id));

        await store.CreateSessionAsync(new Session(evicted.Id, TransportType.Stdio), Ct);

        Assert.False(await Lab.Database.KeyExistsAsync(await Lab.ListKeyAsync(evicted.Id)));
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(evicted.Id, 0), Ct));
        Assert.Equal(1, (await store.GetSessionAsync(evicted.Id, Ct))!.FrameCount);
        Make.AssertNumbered(await store.GetFramesAsync(evicted.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 1);
    }

    [Fact]
    public async Task Append_FramesGoneWithoutTheirSession_NamesAFrameThatWasGivenAlsoToWhoAppendsForTheFirstTime()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 5), Ct);
        await Lab.Database.KeyDeleteAsync(await Lab.ListKeyAsync(session.Id));

        var lost = await Assert.ThrowsAsync<FramesLostException>(() => Lab.Store().AddFrameAsync(Make.Frame(session.Id, 5), Ct).AsTask());

        Assert.Equal(4, lost.Sequence);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Append_SessionGoneWithoutItsFrames_IsRefusedAtOnce(int frames)
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await AppendTwiceAsync(store, session.Id);
        var list = await Lab.ListKeyAsync(session.Id);
        await Lab.Database.KeyDeleteAsync(Lab.Partition.Session(session.Id));

        await Assert.ThrowsAsync<SessionNotFoundException>(() => store.AddFramesAsync(session.Id, Make.Frames(session.Id, frames), Ct).AsTask());

        await Assert.ThrowsAsync<SessionNotFoundException>(() => Lab.Store().AddFrameAsync(Make.Frame(session.Id, 2), Ct).AsTask());
        await Assert.ThrowsAsync<SessionNotFoundException>(() => store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct).AsTask());
        Assert.NotNull(await Lab.Database.KeyTimeToLiveAsync(list));
    }

    [Fact]
    public async Task Append_AnotherSessionOfTheBatchGoneWithoutItsFrames_IsStoredOnce()
    {
        const int Sessions = 40;
        const int Calls = 5;
        var store = Lab.Store();
        var ids = new List<SessionId>();
        for (var i = 0; i < Sessions; i++)
        {
            ids.Add((await store.CreateSessionAsync(Make.Session(), Ct)).Id);
            await AppendTwiceAsync(store, ids[i]);
        }

        // A batch of many sessions does not look again at one that was there a moment ago.
        await Task.Delay(AppendWorker.LookInterval * 2, Ct);
        await Lab.Database.KeyDeleteAsync([.. ids.Where((_, i) => i % 10 == 0).Select(id => (RedisKey)Lab.Partition.Session(id))]);
        var appends = ids.SelectMany(id => Enumerable.Range(2, Calls).Select(call => (Id: id, Appending: store.AddFrameAsync(Make.Frame(id, call), Ct).AsTask()))).ToList();

        for (var i = 0; i < Sessions; i++)
        {
            var ofThis = appends.Where(append => append.Id == ids[i]).Select(append => append.Appending).ToList();
            if (i % 10 == 0)
            {
                foreach (var append in ofThis)
                {
                    // Of several sessions of a batch it is not known which was missing.
                    var refused = await Assert.ThrowsAnyAsync<SessionStoreException>(() => append);
                    Assert.True(refused is SessionNotFoundException or SessionStoreUnavailableException { OutcomeUnknown: true }, refused.ToString());
                }

                await Assert.ThrowsAsync<SessionNotFoundException>(() => store.AddFrameAsync(Make.Frame(ids[i], 0), Ct).AsTask());
                continue;
            }

            Assert.Equal(Enumerable.Range(2, Calls).Select(sequence => (long)sequence), await Task.WhenAll(ofThis));
            Make.AssertNumbered(await store.GetFramesAsync(ids[i], cancellationToken: Ct).ToListAsync(Ct), 0, 2 + Calls);
        }
    }

    /// <summary>Makes the store know the list of a session, so that it pushes what comes next.</summary>
    private static async Task AppendTwiceAsync(ISessionStore store, SessionId id)
    {
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(id, 0), Ct));
        Assert.Equal(1, await store.AddFrameAsync(Make.Frame(id, 1), Ct));
    }
}
