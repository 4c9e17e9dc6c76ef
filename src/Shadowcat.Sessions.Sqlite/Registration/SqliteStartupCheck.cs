using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Opens the file when the host starts, so that one that is damaged, or of another layout, fails the start and not the first request.</summary>
internal static class SqliteStartupCheck
{
    public static async Task RunAsync(SqliteSessionStore store, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await store.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException exception) when (exception.IsTransient)
        {
            // Calls fail until it is over, and then succeed.
            SqliteLog.UnavailableAtStartup(logger, exception.Reason, exception);
        }
    }
}
