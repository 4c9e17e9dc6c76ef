namespace Shadowcat.Sessions.Inspector;

/// <summary>Reads once for all who ask the same while a reading is under way. They get the one behind it, so that nobody gets an answer that is older than his question.</summary>
/// <typeparam name="TKey">What is asked.</typeparam>
/// <typeparam name="TResult">What is answered.</typeparam>
internal sealed class SharedReadings<TKey, TResult>
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Reading> _readings = [];

    /// <summary>Reads, or waits for a reading that another began after the call.</summary>
    /// <param name="key">What is asked: equal ones have the same answer.</param>
    /// <param name="read">Reads it. It serves others too, so nobody who goes away ends it.</param>
    public Task<TResult> ReadAsync(TKey key, Func<Task<TResult>> read)
    {
        lock (_lock)
        {
            if (_readings.TryGetValue(key, out var running))
            {
                return (running.Next ??= new Reading(own => RunAsync(key, own, read, running.Answer))).Answer;
            }

            var reading = new Reading(own => RunAsync(key, own, read, Task.CompletedTask));
            _readings.Add(key, reading);
            return reading.Answer;
        }
    }

    private async Task<TResult> RunAsync(TKey key, Reading own, Func<Task<TResult>> read, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
        {
            _readings[key] = own;
        }

        try
        {
            return await read().ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                if (own.Next is null)
                {
                    _readings.Remove(key);
                }
            }
        }
    }

    private sealed class Reading
    {
        public Reading(Func<Reading, Task<TResult>> run) => Answer = run(this);

        public Task<TResult> Answer { get; }

        /// <summary>The one that begins when this one ends.</summary>
        public Reading? Next { get; set; }
    }
}
