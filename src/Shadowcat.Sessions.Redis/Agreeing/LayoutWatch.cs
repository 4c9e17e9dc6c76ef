namespace Shadowcat.Sessions.Redis;

/// <summary>Checks from time to time that the layout record is still what was agreed on. Calls do not check: each would pay for something rare.</summary>
/// <param name="confirm">Checks once.</param>
internal sealed class LayoutWatch(Func<Task> confirm) : IDisposable
{
    /// <summary>For how long a store may work after another process wrote another record, as after FLUSHALL with another number of partitions.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private Task? _running;

    /// <summary>Begins, if it has not yet.</summary>
    public void Start() => _running ??= RunAsync();

    public void Dispose() => _stopping.Cancel();

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                await ConfirmAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The store is closed.
        }
    }

    private async Task ConfirmAsync()
    {
        try
        {
            await confirm().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SessionStoreException or ObjectDisposedException)
        {
            // Calls fail with the same; a changed layout was logged.
        }
    }
}
