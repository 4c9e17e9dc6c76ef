using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>An append that is made again by whoever does not know what became of it.</summary>
public sealed class RepeatedAppendTests(RedisFixture redis) : SharedServerTest(redis)
{
    private static readonly RedisScript Script = new("append-frames");

    private readonly RedisFixture _redis = redis;

    [Fact]
    public async Task Append_Repeated_IsFoundWhereItStands()
    {
        var (store, session) = await NewAsync();
        await store.AddFramesAsync(session, Make.Frames(session, 3), Ct);
        var frames = Keyed(session, 3, 2);

        Assert.Equal(3, await AppendAsync(store, session, frames));
        await store.AddFrameAsync(Make.Frame(session, 5), Ct);

        Assert.Equal(3, await AppendAsync(store, session, frames, since: 3));
        Assert.Equal(3, await AppendAsync(Lab.Store(), session, frames, since: 0));
        Make.AssertNumbered(await ReadAsync(session), 0, 6);
        Assert.Equal(6, await AppendAsync(store, session, Keyed(session, 6, 1), since: 3));
        Make.AssertNumbered(await ReadAsync(session), 0, 7);
    }

    [Fact]
    public async Task Append_RepeatedWhereFramesAreGoneSince_IsSaidToBeUncertain()
    {
        var (store, session) = await NewAsync();
        await store.AddFramesAsync(session, Make.Frames(session, 3), Ct);
        var frames = Keyed(session, 3, 1);
        await AppendAsync(store, session, frames);
        await store.DeleteFramesAsync(session, cancellationToken: Ct);

        var uncertain = await Assert.ThrowsAsync<FramesTrimmedException>(() => AppendAsync(store, session, frames, since: 3));

        Assert.Equal((3, 4), (uncertain.RequestedSequence, uncertain.FirstSequence));
        Assert.Equal(4, await AppendAsync(store, session, frames, since: 4));
    }

    [Fact]
    public async Task Append_RepeatedTogetherWithOthers_DoesNotTakeThemForItsOwn()
    {
        using var proxy = new HoldingProxy(_redis.Configuration.Split(',')[0]);
        var store = Lab.Store(proxy.Configuration);
        var session = (await store.CreateSessionAsync(Make.Session(), Ct)).Id;
        var frames = Keyed(session, 0, 2);
        await AppendAsync(store, session, frames);
        proxy.Hold();

        // One is under way, so that the others wait together for the next batch.
        var first = store.AddFrameAsync(Make.Frame(session, 2), Ct).AsTask();
        var second = store.AddFrameAsync(Make.Frame(session, 3), Ct).AsTask();
        var repeated = AppendAsync(store, session, frames, since: 0);
        var third = store.AddFrameAsync(Make.Frame(session, 4), Ct).AsTask();
        proxy.Release();

        Assert.Equal((2, 3, 0, 4), (await first, await second, await repeated, await third));
        Make.AssertNumbered(await ReadAsync(session), 0, 5);
    }

    [Fact]
    public async Task Append_FoundWhileSomethingOlderMayArriveLate_ShutsThatOut()
    {
        var (store, session) = await NewAsync();
        var frames = Keyed(session, 0, 1);
        await AppendAsync(store, session, frames);
        var (token, unused) = (await Lab.TokenAsync(session), FencingToken.New());
        RedisKey[] keys =
            [Lab.Partition.Active, Lab.Partition.Expiry, Lab.Partition.Index, Lab.Partition.Session(session), Lab.Partition.Frames(session, token), Lab.Partition.Frames(session, unused)];
        var needsNewList = true;

        var reply = (string)(await Script.EvaluateAsync(
            Lab.Database, keys, [SessionHash.Format, 0, 0, 0, Lab.Partition.Followed, frames.Length, token, unused, "", 0, -1, "", needsNewList, .. frames.Select(frame => (RedisValue)FrameFormat.Encode(frame.Envelope, frame.Key))]))!;

        Assert.StartsWith("8 0 ", reply, StringComparison.Ordinal);
        Assert.Equal(0, await Lab.Database.ListRightPushAsync(keys[4], "late", When.Exists));
        Assert.NotNull(await Lab.Database.KeyTimeToLiveAsync(keys[5]));
        Assert.Equal(1, await Lab.Store().AddFrameAsync(Make.Frame(session, 1), Ct));
        Make.AssertNumbered(await ReadAsync(session), 0, 2);
    }

    private async Task<(RedisSessionStore Store, SessionId Session)> NewAsync()
    {
        var store = Lab.Store();
        return (store, (await store.CreateSessionAsync(Make.Session(), Ct)).Id);
    }

    private Task<List<MessageEnvelope>> ReadAsync(SessionId session) => Lab.Store().GetFramesAsync(session, cancellationToken: Ct).ToListAsync(Ct).AsTask();

    private static IdempotentFrame[] Keyed(SessionId session, int first, int count) => [.. Make.Frames(session, count, first).Select(IdempotentFrame.Copy)];

    private static Task<long> AppendAsync(IRepeatableAppends store, SessionId session, IdempotentFrame[] frames, long since = -1) =>
        store.AppendAsync("AddFrames", session, frames, generation: default, since, Ct).AsTask();
}
