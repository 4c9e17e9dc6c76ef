namespace Shadowcat.Sessions;

/// <summary>How long to pause before a store is tried again: each time twice as long as before, up to a bound. A random part of up to a half is left out, so that the processes that share an outage do not come back all at once.</summary>
/// <remarks>
/// The only such arithmetic of the library beside Polly, which the Redis store retries with. Polly repeats one call until that succeeds; here many sessions wait, each try is another one of them, and the pauses
/// begin anew as soon as any is served. The package of the contract would get a dependency for four lines.
/// </remarks>
/// <param name="first">The first pause, and the one after a try that was served.</param>
/// <param name="longest">The longest pause.</param>
internal sealed class RetryPauses(TimeSpan first, TimeSpan longest)
{
    private readonly TimeSpan _first = first;
    private TimeSpan _next = first;

    /// <summary>The pause before the next try.</summary>
    public TimeSpan Next()
    {
        var pause = _next;
        _next = pause * 2 < longest ? pause * 2 : longest;
        return pause * (1 - (Random.Shared.NextDouble() / 2));
    }

    /// <summary>Begins anew: something was served.</summary>
    public void Reset() => _next = _first;
}
