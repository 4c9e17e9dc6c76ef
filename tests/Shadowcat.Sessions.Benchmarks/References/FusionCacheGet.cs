using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;
using ZiggyCreatures.Caching.Fusion;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>A hit of FusionCache's memory level, which hands the same object to every caller.</summary>
internal sealed class FusionCacheGet : Operation<Caches.CachedSession?>, IDisposable
{
    private readonly FusionCache _cache = new(new FusionCacheOptions());
    private readonly FusionCacheEntryOptions _options = new() { Duration = TimeSpan.FromHours(1) };
    private readonly Dictionary<string, Caches.CachedSession> _sessions;
    private readonly string[] _keys;
    private int _callers;

    public FusionCacheGet(IReadOnlyList<Session> sessions)
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
            await _cache.SetAsync(key, _sessions[key], _options);
        }
    }

    public void Dispose() => _cache.Dispose();

    public override ValueTask<Caches.CachedSession?> CallAsync(int caller, long call) =>
        _cache.GetOrDefaultAsync<Caches.CachedSession?>(_keys[Turns.Next(caller, _callers, call, _keys.Length)], options: _options);
}
