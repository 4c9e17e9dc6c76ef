using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>The append script by itself: what it makes of blocks that were sent before, that come too early, or whose session is not as it should be.</summary>
public sealed class AppendScriptTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const string Writer = "w:one";
    private const string OtherWriter = "w:two";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Block_SentTwice_IsStoredOnceAndAnsweredTheSame(bool sentBefore)
    {
        var (store, session) = await SessionAsync();
        await AppendAsync(Writer, Block(session.Id, 0, 3));

        var block = Block(session.Id, 3, 4, acknowledged: 2);
        Assert.Equal((AppendCode.Stored, 3), await AppendAsync(Writer, block));
        var before = await Lab.DumpAsync();

        Assert.Equal((AppendCode.Stored, 3), await AppendAsync(Writer, block with { SentBefore = sentBefore }));
        Assert.Equal(before, await Lab.DumpAsync());
        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 7);
    }

    [Fact]
    public async Task Block_SentTwiceWithOthersInBetween_IsAnsweredWithItsOwnSequence()
    {
        var (store, session) = await SessionAsync();
        Assert.Equal((AppendCode.Stored, 0), await AppendAsync(Writer, Block(session.Id, 0, 2)));
        Assert.Equal((AppendCode.Stored, 2), await AppendAsync(OtherWriter, Block(session.Id, 2, 5)));

        Assert.Equal((AppendCode.Stored, 0), await AppendAsync(Writer, Block(session.Id, 0, 2) with { SentBefore = true }));
        Assert.Equal((AppendCode.Stored, 2), await AppendAsync(OtherWriter, Block(session.Id, 2, 5) with { SentBefore = true }));

        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 7);
    }

    [Fact]
    public async Task Blocks_OfInterleavedWriters_EachRepeated_AreStoredOnceInTheirOrder()
    {
        var (store, session) = await SessionAsync();
        var sequence = 0L;
        var acknowledged = new Dictionary<string, long> { [Writer] = -1, [OtherWriter] = -1 };
        for (var i = 0; i < 30; i++)
        {
            var writer = i % 3 == 0 ? Writer : OtherWriter;
            var block = Block(session.Id, (int)sequence, 1 + (i % 4), acknowledged[writer]);

            Assert.Equal((AppendCode.Stored, sequence), await AppendAsync(writer, block));
            Assert.Equal((AppendCode.Stored, sequence), await AppendAsync(writer, block with { SentBefore = true }));

            sequence += block.Frames.Count;
            acknowledged[writer] = sequence - 1;
        }

        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, (int)sequence);
    }

    [Fact]
    public async Task Block_ThatOverlapsAnOlderOne_IsNotGuessedAt()
    {
        var (store, session) = await SessionAsync();
        await AppendAsync(Writer, Block(session.Id, 0, 2));
        await AppendAsync(Writer, Block(session.Id, 2, 3, acknowledged: 1));

        Assert.Equal((AppendCode.Unknown, 0), await AppendAsync(Writer, Block(session.Id, 0, 2) with { SentBefore = true }));
        Assert.Equal((AppendCode.Unknown, 0), await AppendAsync(Writer, Block(session.Id, 2, 2, acknowledged: 1) with { SentBefore = true }));
        Assert.Equal((AppendCode.Unknown, 0), await AppendAsync(Writer, Block(session.Id, 4, 3, acknowledged: 1)));

        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 5);
    }

    [Fact]
    public async Task Block_BehindAGap_IsRefusedWithTheLastNumberSeen()
    {
        var (store, session) = await SessionAsync();
        await AppendAsync(Writer, Block(session.Id, 0, 3));
        var before = await Lab.DumpAsync();

        Assert.Equal((AppendCode.Gap, 2), await AppendAsync(Writer, Block(session.Id, 6, 1, acknowledged: 5)));
        Assert.Equal((AppendCode.Gap, -1), await AppendAsync(OtherWriter, Block(session.Id, 1, 1, acknowledged: 0)));

        Assert.Equal(before, await Lab.DumpAsync());
        Assert.Equal((AppendCode.Stored, 3), await AppendAsync(Writer, Block(session.Id, 3, 4, acknowledged: 2)));
        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 7);
    }

    [Fact]
    public async Task Writers_SeventeenOfThem_TheFirstIsForgottenAndItsRepetitionNotGuessedAt()
    {
        var (store, session) = await SessionAsync();
        for (var writer = 0; writer < 17; writer++)
        {
            Assert.Equal((AppendCode.Stored, writer), await AppendAsync($"w:{writer}", Block(session.Id, writer, 1)));
        }

        for (var writer = 1; writer < 17; writer++)
        {
            Assert.Equal((AppendCode.Stored, writer), await AppendAsync($"w:{writer}", Block(session.Id, writer, 1) with { SentBefore = true }));
        }

        Assert.Equal((AppendCode.Unknown, 0), await AppendAsync("w:0", Block(session.Id, 0, 1) with { SentBefore = true }));
        Assert.Equal(
            Enumerable.Range(1, 16).Select(writer => $"w:{writer}").Order(StringComparer.Ordinal),
            (await Lab.Database.HashKeysAsync(Lab.Partition.Session(session.Id))).Select(name => name.ToString()).Where(name => name.StartsWith("w:", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 17);

        // What the forgotten writer sends for the first time is new.
        Assert.Equal((AppendCode.Stored, 17), await AppendAsync("w:0", Block(session.Id, 17, 1, acknowledged: 0)));
        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 18);
    }

    [Fact]
    public async Task Blocks_OfManySessions_EachStandsOrFallsOnItsOwn()
    {
        var (store, first) = await SessionAsync();
        var last = await store.CreateSessionAsync(Make.Session(), Ct);
        var newer = await DamagedAsync(store, "format", "2");
        var damaged = await DamagedAsync(store, "frames", "many");
        var writerless = await DamagedAsync(store, Writer, "nonsense");
        var shorter = await DamagedAsync(store, "frames", "5");
        var formatless = await store.CreateSessionAsync(Make.Session(), Ct);
        await Lab.Database.HashDeleteAsync(Lab.Partition.Session(formatless.Id), "format");
        var noHash = new SessionId("no-hash");
        await Lab.Database.StringSetAsync(Lab.Partition.Session(noHash), "somebody else's");
        var noList = await store.CreateSessionAsync(Make.Session(), Ct);
        await Lab.Database.StringSetAsync(Lab.Partition.Frames(noList.Id), "somebody else's");
        var missing = new SessionId("missing");
        SessionId[] bad = [newer.Id, damaged.Id, writerless.Id, shorter.Id, formatless.Id, noHash, noList.Id, missing];
        var before = await OfAsync(bad);

        var outcomes = await AppendFrames.RunAsync(
            Lab.Database, Lab.Partition, Writer, [Block(first.Id, 0, 2), .. bad.Select(id => Block(id, 2, 2)), Block(last.Id, 0, 3)], new SessionStoreOptions());

        Assert.Equal(
            [
                (AppendCode.Stored, 0), (AppendCode.UnknownFormat, 2), (AppendCode.Damaged, 0), (AppendCode.Damaged, 0), (AppendCode.Damaged, 0),
                (AppendCode.UnknownFormat, -1), (AppendCode.Damaged, 0), (AppendCode.Damaged, 0), (AppendCode.Missing, 0), (AppendCode.Stored, 0),
            ],
            outcomes);
        Assert.Equal(before, await OfAsync(bad));
        Make.AssertNumbered(await FramesAsync(store, first.Id), 0, 2);
        Make.AssertNumbered(await FramesAsync(store, last.Id), 0, 3);
    }

    [Fact]
    public async Task List_EvictedByTheServer_CountsAsTrimmed()
    {
        var (store, session) = await SessionAsync();
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 5), Ct);
        await Lab.Database.KeyDeleteAsync(Lab.Partition.Frames(session.Id));

        Assert.Equal(5, await store.AddFrameAsync(Make.Frame(session.Id, 5), Ct));

        var current = await store.GetSessionAsync(session.Id, Ct);
        Assert.Equal((6, 5), (current!.FrameCount, current.FirstSequence));
        Assert.Equal(FrameFormat.Encode(Make.Frame(session.Id, 5)).Length, await Lab.Database.HashGetAsync(Lab.Partition.Session(session.Id), "bytes"));
        Make.AssertNumbered(await FramesAsync(store, session.Id), 5, 1);
        Assert.Equal(1, await store.CountFramesAsync(session.Id, Ct));
        var trimmed = await Assert.ThrowsAsync<FramesTrimmedException>(
            () => store.GetFramesAsync(session.Id, FrameRange.From(0), Ct).ToListAsync(Ct).AsTask());
        Assert.Equal((0, 5), (trimmed.RequestedSequence, trimmed.FirstSequence));
    }

    [Fact]
    public async Task List_WithoutItsTimeToLive_GetsItBack()
    {
        var (store, session) = await SessionAsync();
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await Lab.Database.KeyPersistAsync(Lab.Partition.Frames(session.Id));

        await AppendAsync(Writer, Block(session.Id, 1, 1));

        Assert.NotNull(await Lab.Database.KeyTimeToLiveAsync(Lab.Partition.Frames(session.Id)));
    }

    private static AppendBlock Block(SessionId id, int number, int count, long acknowledged = -1) =>
        new(id, number, acknowledged, SentBefore: false, [.. Make.Frames(id, count, number).Select(FrameFormat.Encode)]);

    private async Task<(AppendCode Code, long Value)> AppendAsync(string writer, AppendBlock block) =>
        Assert.Single(await AppendFrames.RunAsync(Lab.Database, Lab.Partition, writer, [block], new SessionStoreOptions()));

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
