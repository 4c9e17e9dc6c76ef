namespace Shadowcat.Sessions.Sqlite;

/// <summary>Waits, as long as a call may, for other processes that keep the file locked. No thread waits.</summary>
/// <param name="timeout">How long the call may wait.</param>
internal sealed class LockWait(TimeSpan timeout)
{
    private const int LongestPauseMilliseconds = 10;

    private readonly long _begun = TimeProvider.System.GetTimestamp();

    /// <summary>Whether there is time left for another try.</summary>
    public bool HasTime => TimeProvider.System.GetElapsedTime(_begun) < timeout;

    /// <summary>Comes back when it is time to try again. Pauses vary at random, so that processes do not try all at once.</summary>
    public static Task PauseAsync(CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, LongestPauseMilliseconds + 1)), TimeProvider.System, cancellationToken);
}
