using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A server that comes back without its newest frames: who had read or appended them learns of it, whatever was written over them since.</summary>
public sealed class LostTailTests(RedisFixture redis) : SharedServerTest(redis)
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task Follower_WhatItReadIsGone_Throws(int appendedSince)
    {
        var (_, session) = await SessionAsync(10);
        await using var following = Lab.Store().FollowFramesAsync(session.Id, cancellationToken: Ct).GetAsyncEnumerator(Ct);
        for (var sequence = 0; sequence < 10; sequence++)
        {
            Assert.True(await following.MoveNextAsync());
        }

        await RollBackAsync(session.Id, 5);
        await AppendAsync(session.Id, 5, appendedSince);

        await Assert.ThrowsAsync<FramesLostException>(async () => await following.MoveNextAsync());
    }

    [Fact]
    public async Task Reader_WhatItReadIsWrittenOver_ThrowsInsteadOfGoingOn()
    {
        var (_, session) = await SessionAsync(3000);
        await using var reading = Lab.Store().GetFramesAsync(session.Id, cancellationToken: Ct).GetAsyncEnumerator(Ct);
        for (var sequence = 0; sequence < 40; sequence++)
        {
            Assert.True(await reading.MoveNextAsync());
        }

        await RollBackAsync(session.Id, 10);
        await AppendAsync(session.Id, 10, 3500);

        await Assert.ThrowsAsync<FramesLostException>(async () =>
        {
            while (await reading.MoveNextAsync())
            {
                Assert.InRange(reading.Current.Sequence, 40, 2999);
            }
        });
    }

    [Fact]
    public async Task Appender_WhatItAppendedIsGone_IsToldOnceAndGoesOnBehindIt()
    {
        var (store, session) = await SessionAsync(10);
        await RollBackAsync(session.Id, 5);
        await CutOffAsync();

        var lost = await Assert.ThrowsAsync<FramesLostException>(() => store.AddFrameAsync(Make.Frame(session.Id, 10), Ct).AsTask());
        Assert.Equal(9, lost.Sequence);
        Assert.Equal(10, await store.AddFrameAsync(Make.Frame(session.Id, 10), Ct));

        Make.AssertNumbered(await store.GetFramesAsync(session.Id, FrameRange.From(0, 5), Ct).ToListAsync(Ct), 0, 5);
        for (var sequence = 5; sequence < 10; sequence++)
        {
            var gone = await Assert.ThrowsAsync<FramesLostException>(() => store.GetFramesAsync(session.Id, FrameRange.From(sequence), Ct).ToListAsync(Ct).AsTask());
            Assert.Equal(sequence, gone.Sequence);
        }

        Make.AssertNumbered(await store.GetFramesAsync(session.Id, FrameRange.From(10), Ct).ToListAsync(Ct), 10, 1);
    }

    [Fact]
    public async Task Appender_WhatItAppendedIsWrittenOver_IsTold()
    {
        var (store, session) = await SessionAsync(10);
        await RollBackAsync(session.Id, 5);
        await AppendAsync(session.Id, 5, 8);
        await CutOffAsync();

        await Assert.ThrowsAsync<FramesLostException>(() => store.AddFrameAsync(Make.Frame(session.Id, 13), Ct).AsTask());
        Assert.Equal(13, await store.AddFrameAsync(Make.Frame(session.Id, 13), Ct));

        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 14);
    }

    [Fact]
    public async Task RepeatedAppend_ThatLandedBehindALostTail_IsFoundThere()
    {
        var (_, session) = await SessionAsync(10);
        await RollBackAsync(session.Id, 1);
        IdempotentFrame[] frame = [new(Make.Frame(session.Id, 1))];
        IRepeatableAppends other = Lab.Store();
        Assert.Equal(1, await other.AppendAsync("AddFrame", session.Id, frame, session.Generation, since: -1, Ct));

        Assert.Equal(1, await other.AppendAsync("AddFrame", session.Id, frame, session.Generation, since: 10, Ct));

        Make.AssertNumbered(await Lab.Store().GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 2);
    }

    [Fact]
    public async Task RepeatedAppend_ByWhoKnowsOfMoreThanThereIs_IsToldAndTakesNoSequenceThatWasGiven()
    {
        var (_, session) = await SessionAsync(10);
        await RollBackAsync(session.Id, 5);
        IdempotentFrame[] frame = [new(Make.Frame(session.Id, 10))];
        IRepeatableAppends other = Lab.Store();

        await Assert.ThrowsAsync<FramesLostException>(() => other.AppendAsync("AddFrame", session.Id, frame, session.Generation, since: 10, Ct).AsTask());

        Assert.Equal(10, await other.AppendAsync("AddFrame", session.Id, frame, session.Generation, since: 10, Ct));
    }

    [Fact]
    public async Task Appender_WhatItAppendedIsGoneWhileItStaysConnected_IsTold()
    {
        // Where there is a bound, every append is a script: it may have been made before a connection broke, and be sent after the server came back.
        var store = Lab.Store(new SessionStoreOptions { MaxFramesPerSession = 100 });
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 10), Ct);
        await RollBackAsync(session.Id, 5);

        var lost = await Assert.ThrowsAsync<FramesLostException>(() => store.AddFrameAsync(Make.Frame(session.Id, 10), Ct).AsTask());

        Assert.Equal(9, lost.Sequence);
        Assert.Equal(10, await store.AddFrameAsync(Make.Frame(session.Id, 10), Ct));
    }

    private string Client => $"tail-{Lab.Prefix}";

    private async Task<(RedisSessionStore Store, Session Session)> SessionAsync(int frames)
    {
        var store = Lab.Store($"{Lab.Configuration},name={Client}");
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        foreach (var chunk in Make.Frames(session.Id, frames).Chunk(500))
        {
            await store.AddFramesAsync(session.Id, chunk, Ct);
        }

        return (store, session);
    }

    /// <summary>Session and list as they were when they had so many frames.</summary>
    private async Task RollBackAsync(SessionId id, int frames)
    {
        var token = await Lab.TokenAsync(id);
        await Lab.Database.ListTrimAsync(await Lab.ListKeyAsync(id), 0, frames - 1);
        await Lab.Database.HashSetAsync(Lab.Partition.Session(id), "list", $"{token} 0 {frames}");
    }

    /// <summary>Frames by somebody who does not know what there was.</summary>
    private async Task AppendAsync(SessionId id, int first, int count)
    {
        var other = Lab.Store();
        foreach (var chunk in Make.Frames(id, count, first).Chunk(500))
        {
            await other.AddFramesAsync(id, chunk, Ct);
        }
    }

    /// <summary>Ends the connections of the store that appended first, as a server does that goes down, and waits until that has noticed.</summary>
    private async Task CutOffAsync()
    {
        var killed = (await Lab.Server.ClientListAsync()).Where(client => client.Name == Client).Select(static client => client.Id).ToHashSet();
        foreach (var id in killed)
        {
            await Lab.Server.ExecuteAsync("CLIENT", "KILL", "ID", id);
        }

        // A server may still list for a moment what it killed.
        await Poll.UntilAsync(async () => (await Lab.Server.ClientListAsync()).Any(client => client.Name == Client && !killed.Contains(client.Id)), "the store is connected again");
    }
}
