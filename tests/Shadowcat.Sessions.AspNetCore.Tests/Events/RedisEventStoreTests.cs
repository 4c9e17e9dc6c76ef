using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

public sealed class RedisEventStoreTests : EventStoreTests, IAsyncDisposable
{
    private readonly RedisSessionStore _sessions;
    private readonly RedisSessionStore _otherProcess;

    public RedisEventStoreTests(RedisFixture redis)
    {
        var options = new RedisSessionStoreOptions { Configuration = redis.Configuration, KeyPrefix = RedisFixture.NewPrefix() };
        _sessions = new RedisSessionStore(options);
        _otherProcess = new RedisSessionStore(options);
    }

    protected override ISessionStore Sessions => _sessions;

    protected override ISessionStore OtherProcess => _otherProcess;

    public async ValueTask DisposeAsync()
    {
        await foreach (var session in _sessions.ListSessionsAsync())
        {
            await _sessions.DeleteSessionAsync(session.Id);
        }

        await _sessions.DisposeAsync();
        await _otherProcess.DisposeAsync();
    }
}
