using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Calls the store. Retries calls that are safe to repeat until the store is available or the recording ends.</summary>
/// <param name="clock">Measures the pause between two tries.</param>
/// <param name="logger">Logs when the store fails and when it is available again.</param>
/// <param name="ending">Ends the retries.</param>
/// <param name="deadline">Cancels the calls.</param>
internal sealed class StoreCalls(TimeProvider clock, ILogger logger, CancellationToken ending, CancellationToken deadline)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private int _isInterrupted;

    /// <summary>Calls the store.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isRepeatable">Whether it may be made again where its outcome is unknown.</param>
    /// <returns>True where it succeeded; false where it failed, or its outcome is unknown.</returns>
    /// <exception cref="SessionNotFoundException">The session does not exist.</exception>
    /// <exception cref="SessionAlreadyExistsException">The session exists already.</exception>
    /// <exception cref="FramesLostException">The store lost frames; nothing was done.</exception>
    public async Task<bool> TryAsync(Func<CancellationToken, Task> call, bool isRepeatable)
    {
        while (true)
        {
            try
            {
                await call(deadline).ConfigureAwait(false);
                Resume();
                return true;
            }
            catch (Exception exception) when (exception is not (SessionNotFoundException or SessionAlreadyExistsException or FramesLostException))
            {
                // Whatever it is, the conversation is worth more than its record.
                Interrupt(exception);
                if (ending.IsCancellationRequested || !MayRepeat(exception, isRepeatable))
                {
                    return false;
                }
            }

            await PauseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Pauses before another try; returns at once where the recording ends.</summary>
    public async Task PauseAsync() => await Task.Delay(RetryDelay, clock, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static bool MayRepeat(Exception exception, bool isRepeatable) => exception switch
    {
        SessionStoreUnavailableException unavailable => isRepeatable || !unavailable.OutcomeUnknown,
        SessionTimeoutException => isRepeatable,
        _ => false,
    };

    private void Interrupt(Exception exception)
    {
        if (Interlocked.Exchange(ref _isInterrupted, 1) == 0)
        {
            RecordingLog.Interrupted(logger, exception);
        }
    }

    private void Resume()
    {
        if (Volatile.Read(ref _isInterrupted) != 0 && Interlocked.Exchange(ref _isInterrupted, 0) != 0)
        {
            RecordingLog.Resumed(logger);
        }
    }
}
