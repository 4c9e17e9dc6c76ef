using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>The append script by itself: what it makes of calls that were sent before or come too late, and of sessions that are not as they should be.</summary>
public sealed class AppendScriptTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const string Writer = "one";
    private const string OtherWriter = "two";
    private const string Unused = "unused";

    private static readonly RedisScript Script = new("append-frames");

    [Fact]
    public async Task Call_SentTwice_IsCarriedOutOnceAndAnsweredTheSame()
    {
        var (store, session) = await SessionAsync();
        Assert.Equal("1 0 0", await CallAsync(Writer, 1, 0, (session.Id, Frames(session.Id, 0, 3))));
        Assert.Equal("2 0 3", await CallAsync(Writer, 2, 1, (session.Id, Frames(session.Id, 3, 4))));
        var before = await Lab.DumpAsync();

        Assert.Equal("2 0 3", await CallAsync(Writer, 2, 1, (session.Id, Frames(session.Id, 3, 4))));
        Assert.Equal("2 0 3", await CallAsync(Writer, 2, 1, (session.Id, Frames(session.Id, 3, 4))));

        Assert.Equal(before, await Lab.DumpAsync());
        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 7);
    }

    [Fact]
    public async Task Call_SentTwiceWithOtherWritersInBetween_IsAnsweredWithItsOwnSequences()
    {
        var (store, session) = await SessionAsync();
        var sequence = 0;
        for (var number = 1; number <= 20; number++)
        {
            foreach (var writer in new[] { Writer, OtherWriter })
            {
                var count = 1 + (number % 4);
                var frames = Frames(session.Id, sequence, count);
                Assert.Equal($"{number} 0 {sequence}", await CallAsync(writer, number, number - 1, (session.Id, frames)));
                Assert.Equal($"{number} 0 {sequence}", await CallAsync(writer, number, number - 1, (session.Id, frames)));
                sequence += count;
            }
        }

        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, sequence);
    }

    [Fact]
    public async Task Call_ArrivingAfterANewerOne_DoesNothing()
    {
        var (store, session) = await SessionAsync();
        await CallAsync(Writer, 5, 0, (session.Id, Frames(session.Id, 0, 2)));
        var before = await Lab.DumpAsync();

        Assert.Equal("", await CallAsync(Writer, 4, 0, (session.Id, Frames(session.Id, 2, 1))));

        Assert.Equal(before, await Lab.DumpAsync());
        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 2);
    }

    [Fact]
    public async Task Call_ByAWriterWhoseAcknowledgedCallsAreGone_IsCarriedOutAndSaysSo()
    {
        var (store, session) = await SessionAsync();
        await CallAsync(Writer, 3, 2, (session.Id, Frames(session.Id, 0, 2)));

        // As after a failover that lost the tail: calls 4 to 6 were acknowledged, and are not there.
        Assert.Equal("lost 7 0 2", await CallAsync(Writer, 7, 6, (session.Id, Frames(session.Id, 2, 1))));
        Assert.Equal("7 0 2", await CallAsync(Writer, 7, 6, (session.Id, Frames(session.Id, 2, 1))));

        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 3);
    }

    [Fact]
    public async Task Call_ThatWasNeverAcknowledged_LeavesNoGapBehind()
    {
        var (store, session) = await SessionAsync();
        await CallAsync(Writer, 1, 0, (session.Id, Frames(session.Id, 0, 1)));

        // Calls 2 and 3 never arrived, and nobody was told they did.
        Assert.Equal("4 0 1", await CallAsync(Writer, 4, 1, (session.Id, Frames(session.Id, 1, 1))));

        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 2);
    }

    [Fact]
    public async Task Call_Refused_IsAnsweredTheSameAgainEvenIfItCouldSucceedNow()
    {
        var store = Lab.Store();
        var session = Make.Session();
        Assert.Equal("1 1 0", await CallAsync(Writer, 1, 0, (session.Id, Frames(session.Id, 0, 1))));
        await store.CreateSessionAsync(session, Ct);

        Assert.Equal("1 1 0", await CallAsync(Writer, 1, 0, (session.Id, Frames(session.Id, 0, 1))));

        Assert.Empty(await FramesAsync(store, session.Id));
    }

    [Fact]
    public async Task Writers_ManyOfThem_AreAllRememberedForAWhile()
    {
        var (store, session) = await SessionAsync();
        for (var writer = 0; writer < 50; writer++)
        {
            Assert.Equal($"1 0 {writer}", await CallAsync($"w{writer}", 1, 0, (session.Id, Frames(session.Id, writer, 1))));
        }

        for (var writer = 0; writer < 50; writer++)
        {
            Assert.Equal($"1 0 {writer}", await CallAsync($"w{writer}", 1, 0, (session.Id, Frames(session.Id, writer, 1))));
        }

        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 50);
        Assert.InRange((await Lab.Database.KeyTimeToLiveAsync(Lab.Partition.Writers))!.Value, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Call_ForManySessions_EachStandsOrFallsOnItsOwn()
    {
        var (store, first) = await SessionAsync();
        var last = await store.CreateSessionAsync(Make.Session(), Ct);
        var newer = await DamagedAsync(store, "format", "2");
        var damaged = await DamagedAsync(store, "list", "0 0 many");
        var shorter = await DamagedAsync(store, "list", "0 0 5");
        var formatless = await store.CreateSessionAsync(Make.Session(), Ct);
        await Lab.Database.HashDeleteAsync(Lab.Partition.Session(formatless.Id), "format");
        var noHash = new SessionId("no-hash");
        await Lab.Database.StringSetAsync(Lab.Partition.Session(noHash), "somebody else's");
        var noList = await store.CreateSessionAsync(Make.Session(), Ct);
        await Lab.Database.StringSetAsync(Lab.Partition.Frames(noList.Id, ListNames.First), "somebody else's");
        var missing = new SessionId("missing");
        SessionId[] bad = [newer.Id, damaged.Id, shorter.Id, formatless.Id, noHash, noList.Id, missing];
        var before = await OfAsync(bad);

        var reply = await CallAsync(
            Writer, 9, 8, [(first.Id, Frames(first.Id, 0, 2)), .. bad.Select(id => (id, Frames(id, 2, 2))), (last.Id, Frames(last.Id, 0, 3))]);

        Assert.Equal("9 " + "0 0 " + "2 2 " + "3 0 " + "3 0 " + "2 -1 " + "3 0 " + "3 0 " + "1 0 " + "0 0", reply);
        Assert.Equal(before, await OfAsync(bad));
        Make.AssertNumbered(await FramesAsync(store, first.Id), 0, 2);
        Make.AssertNumbered(await FramesAsync(store, last.Id), 0, 3);
    }

    [Theory]
    [InlineData(FrameOverflow.TrimOldest)]
    [InlineData(FrameOverflow.Refuse)]
    public async Task List_EvictedByTheServer_CountsAsTrimmed(FrameOverflow overflow)
    {
        var store = Lab.Store(new SessionStoreOptions { MaxFramesPerSession = 5, MaxFramesBytesPerSession = 100_000, FrameOverflow = overflow });
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 5), Ct);
        await Lab.Database.KeyDeleteAsync(Lab.Partition.Frames(session.Id, ListNames.First));

        Assert.Equal(5, await store.AddFrameAsync(Make.Frame(session.Id, 5), Ct));

        var current = await store.GetSessionAsync(session.Id, Ct);
        Assert.Equal((6, 5), (current!.FrameCount, current.FirstSequence));
        Assert.Equal($"{FrameFormat.Encode(Make.Frame(session.Id, 5)).Length} 6", await Lab.Database.HashGetAsync(Lab.Partition.Session(session.Id), "size"));
        var list = ((string)(await Lab.Database.HashGetAsync(Lab.Partition.Session(session.Id), "list"))!).Split(' ')[0];
        Assert.NotEqual(ListNames.First, list);
        Assert.NotNull(await Lab.Database.KeyTimeToLiveAsync(Lab.Partition.Frames(session.Id, list)));
        Make.AssertNumbered(await FramesAsync(store, session.Id), 5, 1);
        Assert.Equal(1, await store.CountFramesAsync(session.Id, Ct));
        var trimmed = await Assert.ThrowsAsync<FramesTrimmedException>(
            () => store.GetFramesAsync(session.Id, FrameRange.From(0), Ct).ToListAsync(Ct).AsTask());
        Assert.Equal((0, 5), (trimmed.RequestedSequence, trimmed.FirstSequence));
    }

    /// <summary>What a queue of the store sends, argument by argument.</summary>
    private async Task<string> CallAsync(string writer, long number, long acknowledged, params (SessionId Id, byte[][] Frames)[] blocks)
    {
        var rememberMilliseconds = (long)TimeSpan.FromMinutes(1).TotalMilliseconds;
        RedisKey[] keys = [Lab.Partition.Writers, .. blocks.SelectMany(block => new[] { Lab.Partition.Session(block.Id), Lab.Partition.Frames(block.Id, ListNames.First), Lab.Partition.Frames(block.Id, Unused) })];
        RedisValue[] arguments = [writer, number, acknowledged, rememberMilliseconds, SessionHash.Format, 0, 0, 0, Lab.Partition.Followed];
        var reply = (string)(await Script.EvaluateAsync(
            Lab.Database, keys, [.. arguments, .. blocks.SelectMany(block => (RedisValue[])[block.Frames.Length, ListNames.First, Unused, -1, false, .. block.Frames])]))!;

        // Of each answer the code and the value; what is said of the list is looked at elsewhere.
        var words = reply.Split(" @")[0].Split(' ');
        var head = words[0] == "lost" ? 2 : 1;
        return string.Join(' ', words[..head].Concat(words[head..].Chunk(6).SelectMany(answer => answer[..2])));
    }

    private static byte[][] Frames(SessionId id, int number, int count) => [.. Make.Frames(id, count, number).Select(frame => FrameFormat.Encode(frame))];

    private async Task<(RedisSessionStore Store, Session Session)> SessionAsync()
    {
        var store = Lab.Store();
        return (store, await store.CreateSessionAsync(Make.Session(), Ct));
    }

    private async Task<Session> DamagedAsync(RedisSessionStore store, string field, string value)
    {
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 2), Ct);
        await Lab.Database.HashSetAsync(Lab.Partition.Session(session.Id), field, value);
        return session;
    }

    private static async Task<IReadOnlyList<MessageEnvelope>> FramesAsync(RedisSessionStore store, SessionId id) =>
        await store.GetFramesAsync(id, cancellationToken: Ct).ToListAsync(Ct);

    private async Task<string[]> OfAsync(SessionId[] ids) =>
        [.. (await Lab.DumpAsync()).Where(line => ids.Any(id => line.Split(' ')[0].EndsWith(":" + id, StringComparison.Ordinal)))];
}
