namespace Shadowcat.Sessions.Sqlite;

/// <summary>Wants to know of commits to the file, by whichever process. It is called by one thread at a time, and must be quick.</summary>
internal interface IFileWatcher
{
    /// <summary>It was looked whether there were commits.</summary>
    /// <param name="connection">The connection that looked: what it reads now has everything that was committed before the look.</param>
    /// <param name="hasChanged">Whether there may have been commits since the last look.</param>
    /// <param name="timestamp">When the look began, by the clock of the store.</param>
    void OnLooked(StoreConnection connection, bool hasChanged, long timestamp);

    /// <summary>It could not be looked, and is tried again.</summary>
    /// <param name="exception">Why.</param>
    void OnFailed(Exception exception);
}
