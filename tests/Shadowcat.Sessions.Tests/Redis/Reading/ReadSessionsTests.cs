using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>How many calls it takes to read many sessions that this process knows nothing of; to list them, one more a batch, for the index.</summary>
public sealed class ReadSessionsTests
{
    private const int Sessions = ReadSessions.MaxTogether + 44;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false, 4)]
    [InlineData(true, false, 6)]
    [InlineData(false, true, 2)]
    [InlineData(true, true, 4)]
    public async Task Many_OfWhichTheProcessKnowsNothing_AreReadByOneScriptABatchOrTwo(bool haveFrames, bool byId, int scripts)
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var writer = lab.Store();
        var sessions = await Task.WhenAll(Make.Sessions(Sessions).Select(async session =>
        {
            await writer.CreateSessionAsync(session, Ct);
            return haveFrames ? await writer.AddFrameAsync(Make.Frame(session.Id), Ct) : 0;
        }));
        var ids = await writer.ListSessionsAsync(cancellationToken: Ct).Select(session => session.Id).ToListAsync(Ct);

        await using var store = lab.Store();
        Assert.Equal(Sessions, await store.CountSessionsAsync(Ct));
        var before = await ScriptsAsync(lab);
        var read = byId
            ? [.. (await store.GetSessionsAsync(ids, Ct)).Select(session => session!)]
            : await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct);

        Assert.Equal(scripts, await ScriptsAsync(lab) - before);
        Assert.Equal(ids, read.Select(session => session.Id));
        Assert.All(read, session => Assert.Equal(haveFrames ? 1 : 0, session.FrameCount));
        Assert.Equal(sessions.Length, read.Count);
    }

    // A script that the connection has not sent yet goes by its text.
    private static async Task<long> ScriptsAsync(RedisLab lab) => await lab.CallsAsync("evalsha") + await lab.CallsAsync("eval");
}
