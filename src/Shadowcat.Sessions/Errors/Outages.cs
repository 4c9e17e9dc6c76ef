namespace Shadowcat.Sessions;

/// <summary>Tells what is over by itself at some time from what somebody has to mend.</summary>
internal static class Outages
{
    /// <summary>True for a store that does not serve just now: that cannot be reached, does not answer in time, or is at its memory limit.</summary>
    public static bool Includes(Exception exception) =>
        exception is SessionStoreUnavailableException or SessionTimeoutException or SessionLimitExceededException { Limit: SessionLimitExceededException.ServerMemory };
}
