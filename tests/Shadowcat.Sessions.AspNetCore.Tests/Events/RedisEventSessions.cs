using Shadowcat.Sessions.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>Events on Redis, under keys of the test's own.</summary>
internal sealed class RedisEventSessions : EventSessions
{
    private readonly RedisSessionStore _sessions;
    private readonly RedisSessionStore _otherProcess;

    public RedisEventSessions(RedisFixture redis)
    {
        var options = new RedisSessionStoreOptions { Configuration = redis.Configuration, KeyPrefix = RedisFixture.NewPrefix() };
        _sessions = new RedisSessionStore(options);
        _otherProcess = new RedisSessionStore(options);
    }

    public override ISessionStore Here => _sessions;

    public override ISessionStore OtherProcess => _otherProcess;

    public override async ValueTask DisposeAsync()
    {
        await foreach (var session in _sessions.ListSessionsAsync())
        {
            await _sessions.DeleteSessionAsync(session.Id);
        }

        await _sessions.DisposeAsync();
        await _otherProcess.DisposeAsync();
    }
}
