using Shadowcat.Sessions.Chaos.Checking;
using Shadowcat.Sessions.Redis;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Looks at the keys again and again while sessions are worked on: what does not agree may be under way, but not for seconds.</summary>
/// <param name="server">Where the server is just now.</param>
/// <param name="prefix">What the keys begin with.</param>
/// <param name="findings">What is broken.</param>
/// <param name="endTogether">Whether the keys of a session go at the same moment; see <see cref="KeyAudit"/>.</param>
internal sealed class KeyWatch(Func<string> server, string prefix, Findings findings, bool endTogether)
{
    /// <summary>In how many looks one after the other something has to be wrong.</summary>
    private const int Looks = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>In how many looks each thing was wrong so far.</summary>
    private Dictionary<string, int> _wrong = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Interval, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await LookAsync();
            }
            catch (Exception exception) when (exception is RedisException or SessionStoreException or TimeoutException)
            {
                // The server is away: nothing is known, and it is begun anew.
                _wrong.Clear();
            }
        }
    }

    /// <summary>Looks once, and reports what has been wrong often enough.</summary>
    public async Task LookAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{server()},abortConnect=true,connectRetry=1");
        await using var store = new RedisSessionStore(connection, redis: new RedisSessionStoreOptions { KeyPrefix = prefix });

        // What an expired session left in the indexes is the reaper's.
        await store.ReapExpiredSessionsAsync();
        var wrong = new List<string>();
        await new KeyAudit(connection, prefix, wrong.Add, endTogether).CheckAsync();
        _wrong = wrong.Distinct(StringComparer.Ordinal).ToDictionary(what => what, what => _wrong.GetValueOrDefault(what) + 1, StringComparer.Ordinal);
        foreach (var (what, looks) in _wrong)
        {
            if (looks == Looks)
            {
                findings.Add(Breach.Orphan, $"at {Clock.Now.TotalSeconds:0.000} s, for {Looks - 1} s: {what}");
            }
        }
    }
}
