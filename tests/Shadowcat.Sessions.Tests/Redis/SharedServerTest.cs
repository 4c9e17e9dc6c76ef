using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A test on the server that all tests share, under a prefix of its own.</summary>
public abstract class SharedServerTest(RedisFixture redis) : IAsyncLifetime
{
    private RedisLab? _lab;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected RedisLab Lab => _lab!;

    public async ValueTask InitializeAsync() => _lab = await RedisLab.OpenAsync(redis.Configuration);

    public virtual async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
