using Microsoft.Extensions.Caching.StackExchangeRedis;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>Microsoft's RedisCache: writes a session as JSON with a sliding expiration, over whatever is there. Each caller has a session of its own.</summary>
internal sealed class RedisCacheSet(Bench bench, IReadOnlyList<Session> sessions) : Operation<bool>
{
    private readonly RedisCache _cache = Caches.NewRedisCache(bench, "cache");

    public override async ValueTask<bool> CallAsync(int caller, long call)
    {
        var session = sessions[caller] with { Status = (SessionStatus)(call % 2) };
        await _cache.SetAsync(session.Id.Value, Caches.Json(session), Caches.Sliding);
        return true;
    }
}
