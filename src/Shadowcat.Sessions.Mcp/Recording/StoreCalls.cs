using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Calls the store, again where that can do no harm, until it serves or the recording ends.</summary>
/// <param name="clock">Says how long to wait for a store that does not serve.</param>
/// <param name="logger">Is told when the store fails and when it serves again.</param>
/// <param name="ending">Ends the trying again.</param>
/// <param name="deadline">Ends the calls.</param>
internal sealed class StoreCalls(TimeProvider clock, ILogger logger, CancellationToken ending, CancellationToken deadline)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private int _isInterrupted;

    /// <summary>Makes a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isRepeatable">Whether it may be made again where its outcome is unknown.</param>
    /// <returns>False where it did not succeed, or is not known to have.</returns>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    /// <exception cref="SessionAlreadyExistsException">There is such a session.</exception>
    /// <exception cref="FramesLostException">The store lost frames that it had; nothing was done.</exception>
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

    /// <summary>Waits before something is tried again, but not where the recording ends.</summary>
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
