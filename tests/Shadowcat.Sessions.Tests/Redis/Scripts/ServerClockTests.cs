using System.Globalization;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A server whose clock was set back: a session in use goes on living by what the clock has advanced since, and does not end early once it is set right.</summary>
public sealed class ServerClockTests(RedisFixture redis) : SharedServerTest(redis)
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromMilliseconds(640);
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("touch")]
    [InlineData("append")]
    public async Task Activity_AfterTheClockWentBack_MovesTheDeadlineByWhatItAdvanced(string how)
    {
        var (store, session) = (Lab.Store(), Make.Session() with { TimeToLive = TimeToLive });
        await store.CreateSessionAsync(session, Ct);
        var lastActivity = new DateTimeOffset(await Lab.Server.TimeAsync()) + Ahead;
        await AsActiveAtAsync(session.Id, lastActivity);

        await ActAsync(Lab.Store(), session.Id, how);
        await Task.Delay(TimeToLive, Ct); // by the server's clock, which no test can set
        await ActAsync(Lab.Store(), session.Id, how);

        var current = await store.GetSessionAsync(session.Id, Ct);
        Assert.InRange(current!.LastActivity, lastActivity + (TimeToLive * 0.9), lastActivity + TimeSpan.FromMinutes(1));
        Assert.True(current.ExpiresAt >= current.LastActivity + TimeToLive);
    }

    private static async Task ActAsync(RedisSessionStore store, SessionId id, string how)
    {
        if (how == "touch")
        {
            Assert.True(await store.TouchSessionAsync(id, Ct));
        }
        else
        {
            await store.AddFrameAsync(Make.Frame(id), Ct);
        }
    }

    /// <summary>The session as it is when its last activity was at another time by the server's clock.</summary>
    private async Task AsActiveAtAsync(SessionId id, DateTimeOffset moment)
    {
        var expires = (moment + TimeToLive + TimeSpan.FromMilliseconds(10)).ToUnixTimeMilliseconds();
        var key = Lab.Partition.Session(id);
        await Lab.Database.HashSetAsync(key, "life", string.Create(CultureInfo.InvariantCulture, $"{expires} {moment.ToUnixTimeMilliseconds()} {(long)TimeToLive.TotalMilliseconds} 0 {moment.ToUnixTimeMilliseconds()}"));
        await Lab.Database.ExecuteAsync("PEXPIREAT", key, expires);
    }
}
