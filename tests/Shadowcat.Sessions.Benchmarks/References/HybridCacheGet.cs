using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>A hit of Microsoft's HybridCache, of a small object as it is by default: without <c>[ImmutableObject(true)]</c>, so each caller gets its own copy.</summary>
internal sealed class HybridCacheGet : Operation<Caches.CachedSession>
{
    private readonly HybridCache _cache = new ServiceCollection().AddHybridCache().Services.BuildServiceProvider().GetRequiredService<HybridCache>();
    private readonly Dictionary<string, Caches.CachedSession> _sessions;
    private readonly string[] _keys;
    private int _callers;

    public HybridCacheGet(IReadOnlyList<Session> sessions)
    {
        _sessions = sessions.ToDictionary(session => session.Id.Value, Caches.Plain);
        _keys = [.. _sessions.Keys];
    }

    public override int CallsPerReading => 64;

    public override async Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        foreach (var key in _keys)
        {
            await GetAsync(key);
        }
    }

    public override ValueTask<Caches.CachedSession> CallAsync(int caller, long call) => GetAsync(_keys[Turns.Next(caller, _callers, call, _keys.Length)]);

    private ValueTask<Caches.CachedSession> GetAsync(string key) => _cache.GetOrCreateAsync(
        key, (_sessions, key), static (state, _) => new ValueTask<Caches.CachedSession>(state._sessions[state.key]));
}
