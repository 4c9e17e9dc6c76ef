using Microsoft.Extensions.Caching.StackExchangeRedis;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>Microsoft's RedisCache: reads the same sessions as JSON with a sliding expiration, which a read of it moves.</summary>
internal sealed class RedisCacheGet(Bench bench, IReadOnlyList<Session> sessions) : Operation<Caches.CachedSession?>
{
    private readonly RedisCache _cache = Caches.NewRedisCache(bench, "cache");
    private readonly string[] _keys = [.. sessions.Select(session => session.Id.Value)];
    private int _callers;

    public override async Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        foreach (var session in sessions)
        {
            await _cache.SetAsync(session.Id.Value, Caches.Json(session), Caches.Sliding);
        }
    }

    public override async ValueTask<Caches.CachedSession?> CallAsync(int caller, long call) =>
        Caches.Read(await _cache.GetAsync(_keys[Turns.Next(caller, _callers, call, _keys.Length)]));
}
