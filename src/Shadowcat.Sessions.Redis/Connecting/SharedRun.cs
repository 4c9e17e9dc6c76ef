namespace Shadowcat.Sessions.Redis;

/// <summary>Runs something once for all callers that need it at the same time, and not again before a pause is over.</summary>
/// <param name="pause">The pause.</param>
internal sealed class SharedRun(TimeSpan pause)
{
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;
    private long _ended;

    /// <summary>Runs it where it is due.</summary>
    /// <returns>Completes with the run that is under way, or with the last one where none is due.</returns>
    public Task RunAsync(Func<Task> run)
    {
        lock (_lock)
        {
            if (_running.IsCompleted && (_ended == 0 || TimeProvider.System.GetElapsedTime(_ended) >= pause))
            {
                _running = RunOnceAsync(run);
            }

            return _running;
        }
    }

    private async Task RunOnceAsync(Func<Task> run)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // not under the lock
        try
        {
            await run().ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _ended, TimeProvider.System.GetTimestamp());
        }
    }
}
