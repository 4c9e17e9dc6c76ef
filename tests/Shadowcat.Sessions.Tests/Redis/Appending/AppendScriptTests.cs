using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>The append script by itself: what it makes of calls that were sent before or come too late, and of sessions that are not as they should be.</summary>
public sealed class AppendScriptTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const string Unused = "fedcba9876543210";
    private const string Unknown = "0123456789abcdef";

    private static readonly RedisScript Script = new("append-frames");

    [Fact]
    public async Task Call_SentTwice_IsFoundWhereItStands()
    {
        var (store, session) = await SessionAsync();
        var frames = Frames(session.Id, 0, 3);
        Assert.Equal("0 0", await CallAsync(new Block(session.Id, frames)));
        Assert.Equal("0 0", await CallAsync(new Block(session.Id, frames) { Since = 0 }));
        Assert.Equal("0 3", await CallAsync(new Block(session.Id, Frames(session.Id, 3, 1))));

        Assert.Equal("0 0", await CallAsync(new Block(session.Id, frames) { Since = 0 }));

        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 4);
    }

    [Fact]
    public async Task Call_RepeatedBeforeItsFirstTry_ShutsThatOut()
    {
        var (store, session) = await SessionAsync();
        var token = await Lab.TokenAsync(session.Id);
        var frames = Frames(session.Id, 0, 2);
        Assert.Equal("8 0", await CallAsync(new Block(session.Id, frames) { Since = 0 }));

        Assert.StartsWith("6 ", await CallAsync(new Block(session.Id, frames) { Token = token }), StringComparison.Ordinal);

        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 2);
    }

    [Fact]
    public async Task Call_ArrivingInAnotherLife_DoesNothing()
    {
        var (store, session) = await SessionAsync();
        var token = await Lab.TokenAsync(session.Id);
        await store.DeleteSessionAsync(session.Id, Ct);
        var next = await store.CreateSessionAsync(new Session(session.Id, TransportType.Http), Ct);
        var before = await Lab.DumpAsync();

        var answer = await CallAsync(new Block(session.Id, Frames(session.Id, 0, 2)) { Token = token });
        var ended = await CallAsync(new Block(session.Id, Frames(session.Id, 0, 2)) { Generation = session.Generation, Since = 0 });

        Assert.Equal($"6 {await Lab.TokenAsync(session.Id)}{next.Generation:N}", answer);
        Assert.Equal("9 0", ended);
        Assert.Equal(before, await Lab.DumpAsync());
    }

    [Fact]
    public async Task Call_ByAWriterWhoseAcknowledgedFramesAreGone_SaysSoOnceAndDoesNotGiveTheirSequencesAgain()
    {
        var (store, session) = await SessionAsync();
        await CallAsync(new Block(session.Id, Frames(session.Id, 0, 2)));

        // As after a failover that lost the tail: frames 2 to 4 were acknowledged, and are not there.
        Assert.Equal("10 5", await CallAsync(new Block(session.Id, Frames(session.Id, 5, 1)) { Acknowledged = new FrameMark(4, 42) }));
        Assert.Equal("0 5", await CallAsync(new Block(session.Id, Frames(session.Id, 5, 1))));

        Make.AssertNumbered(await store.GetFramesAsync(session.Id, FrameRange.From(0, 2), Ct).ToListAsync(Ct), 0, 2);
        var gone = await Assert.ThrowsAsync<FramesLostException>(() => store.GetFramesAsync(session.Id, FrameRange.From(2), Ct).ToListAsync(Ct).AsTask());
        Assert.Equal(2, gone.Sequence);
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, FrameRange.From(5), Ct).ToListAsync(Ct), 5, 1);
        Assert.NotNull(await Lab.Database.KeyTimeToLiveAsync(await Lab.ListKeyAsync(session.Id)));
    }

    [Fact]
    public async Task Call_ByAWriterInWhosePlaceSomethingElseStands_SaysSoAndAppendsNothing()
    {
        var (store, session) = await SessionAsync();
        var frames = Frames(session.Id, 0, 3);
        await CallAsync(new Block(session.Id, frames));

        Assert.Equal("0 3", await CallAsync(new Block(session.Id, Frames(session.Id, 3, 1)) { Acknowledged = new FrameMark(2, FrameStamp.Of(frames[2])) }));
        Assert.Equal("10 4", await CallAsync(new Block(session.Id, Frames(session.Id, 4, 1)) { Acknowledged = new FrameMark(2, 42) }));

        Make.AssertNumbered(await FramesAsync(store, session.Id), 0, 4);
    }

    [Fact]
    public async Task Call_ForManySessions_EachStandsOrFallsOnItsOwn()
    {
        var (store, first) = await SessionAsync();
        var last = await store.CreateSessionAsync(Make.Session(), Ct);
        var newer = await DamagedAsync(store, "format", "77");
        var damaged = await DamagedAsync(store, "list", $"{Unknown} 0 many");
        var formatless = await store.CreateSessionAsync(Make.Session(), Ct);
        await Lab.Database.HashDeleteAsync(Lab.Partition.Session(formatless.Id), "format");
        var noHash = new SessionId("no-hash");
        await Lab.Database.StringSetAsync(Lab.Partition.Session(noHash), "somebody else's");
        var noList = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(noList.Id, Make.Frames(noList.Id, 2), Ct);
        await Lab.Database.KeyDeleteAsync(await Lab.ListKeyAsync(noList.Id));
        await Lab.Database.StringSetAsync(await Lab.ListKeyAsync(noList.Id), "somebody else's");
        var missing = new SessionId("missing");
        SessionId[] bad = [newer.Id, damaged.Id, formatless.Id, noHash, noList.Id, missing];
        var before = await OfAsync(bad);

        var reply = await CallAsync(
            [new Block(first.Id, Frames(first.Id, 0, 2)), .. bad.Select(id => new Block(id, Frames(id, 2, 2))), new Block(last.Id, Frames(last.Id, 0, 3))]);

        Assert.Equal("0 0 " + "2 77 " + "3 0 " + "2 -1 " + "3 0 " + "3 0 " + "1 0 " + "0 0", reply);
        Assert.Equal(before, await OfAsync(bad));
        Make.AssertNumbered(await FramesAsync(store, first.Id), 0, 2);
        Make.AssertNumbered(await FramesAsync(store, last.Id), 0, 3);
    }

    [Theory]
    [InlineData(FrameOverflow.TrimOldest)]
    [InlineData(FrameOverflow.Refuse)]
    public async Task List_EvictedByTheServer_IsToldOnceAndItsSequencesAreNotGivenAgain(FrameOverflow overflow)
    {
        var store = Lab.Store(new SessionStoreOptions { MaxFramesPerSession = 5, MaxFramesBytesPerSession = 100_000, FrameOverflow = overflow });
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 5), Ct);
        await Lab.Database.KeyDeleteAsync(await Lab.ListKeyAsync(session.Id));

        await Assert.ThrowsAsync<FramesLostException>(() => store.AddFrameAsync(Make.Frame(session.Id, 5), Ct).AsTask());
        var next = await store.AddFrameAsync(Make.Frame(session.Id, 5), Ct);

        Assert.Equal(5 + 65536, next);
        var current = await store.GetSessionAsync(session.Id, Ct);
        Assert.Equal((next + 1, next), (current!.FrameCount, current.FirstSequence));
        Assert.Equal($"{FrameFormat.Encode(Make.Frame(session.Id, 5)).Length} {next + 1}", await Lab.Database.HashGetAsync(Lab.Partition.Session(session.Id), "size"));
        Assert.NotNull(await Lab.Database.KeyTimeToLiveAsync(await Lab.ListKeyAsync(session.Id)));
        Assert.Equal(next, Assert.Single(await FramesAsync(store, session.Id)).Sequence);
        Assert.Equal(1, await store.CountFramesAsync(session.Id, Ct));
        var trimmed = await Assert.ThrowsAsync<FramesTrimmedException>(
            () => store.GetFramesAsync(session.Id, FrameRange.From(0), Ct).ToListAsync(Ct).AsTask());
        Assert.Equal((0, next), (trimmed.RequestedSequence, trimmed.FirstSequence));
    }

    /// <summary>What a queue of the store sends, argument by argument.</summary>
    private async Task<string> CallAsync(params Block[] blocks)
    {
        List<RedisKey> keys = [Lab.Partition.Active, Lab.Partition.Expiry, Lab.Partition.Index];
        List<RedisValue> arguments = [SessionHash.Format, 0, 0, 0, Lab.Partition.Followed];
        foreach (var block in blocks)
        {
            var token = block.Token ?? await KnownTokenAsync(block.Id);
            keys.AddRange([Lab.Partition.Session(block.Id), Lab.Partition.Frames(block.Id, token), Lab.Partition.Frames(block.Id, Unused)]);
            var generation = block.Generation == default ? "" : block.Generation.ToString("N");
            var (sequence, stamp) = block.Acknowledged is { } mark ? (mark.Sequence, FrameStamp.Bytes(mark.Stamp)) : (-1, []);
            arguments.AddRange([block.Frames.Length, token, Unused, generation, block.Since, sequence, stamp, false, .. block.Frames]);
        }

        var reply = (string)(await Script.EvaluateAsync(Lab.Database, [.. keys], [.. arguments]))!;

        // Of each answer the code and the value; what is said of the list is looked at elsewhere.
        return string.Join(' ', reply.Split(" @")[0].Split(' ').Chunk(7).SelectMany(answer => answer[..2]));
    }

    private async Task<string> KnownTokenAsync(SessionId id) =>
        await Lab.Database.KeyTypeAsync(Lab.Partition.Session(id)) == RedisType.Hash ? await Lab.TokenAsync(id) : Unknown;

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

    /// <summary>Frames of one session, as the script is given them.</summary>
    private sealed record Block(SessionId Id, byte[][] Frames)
    {
        /// <summary>The token; null for the one that the list has.</summary>
        public string? Token { get; init; }

        public Guid Generation { get; init; }

        public long Since { get; init; } = -1;

        public FrameMark? Acknowledged { get; init; }
    }
}
