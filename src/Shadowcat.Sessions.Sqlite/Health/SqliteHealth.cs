using SQLitePCL;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Finds out how the file is, by reading it and by taking the right to write.</summary>
internal sealed class SqliteHealth(StoreFile file, FileReads reads, WriteQueue writes)
{
    /// <summary>The tag <c>db.system.name</c>.</summary>
    public const string SystemName = "sqlite";

    /// <summary>How large the file is, without the log beside it.</summary>
    private const string FileBytes = "file.bytes";

    private static readonly SqlText Read = new("SELECT count(*) FROM sqlite_master");

    /// <summary>Needs the right to write, and changes nothing.</summary>
    private static readonly SqlText Write = new("DELETE FROM changes WHERE number < 0");

    public async ValueTask<SessionStoreHealth> CheckAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var health = SessionStoreHealth.Healthy.With(HealthFacts.Store, SystemName).With(HealthFacts.ServerVersion, raw.sqlite3_libversion().utf8_to_string());
        var begun = TimeProvider.System.GetTimestamp();
        var unreadable = await ProbeAsync(reads.RunAsync(Operations.CheckHealth, null, static (connection, _) => connection.Use(Read).RunNumber(), cancellationToken), timeout, cancellationToken).ConfigureAwait(false);
        if (unreadable is not null)
        {
            return health.With(HealthFacts.Reachable, false).With(HealthFacts.Writable, false)
                .Failed($"The file cannot be read ({Describe(unreadable)}).", IsOutage(unreadable));
        }

        health = health.With(HealthFacts.Reachable, true).With(FileBytes, new FileInfo(file.Path) is { Exists: true, Length: var length } ? length : 0);
        var unwritable = await ProbeAsync(writes.RunAsync(Operations.CheckHealth, null, 0, Touch, committed: null, cancellationToken), timeout, cancellationToken).ConfigureAwait(false);
        health = health.With(HealthFacts.Writable, unwritable is null);
        return unwritable is null
            ? health.With(HealthFacts.Latency, HealthFacts.Milliseconds(TimeProvider.System.GetElapsedTime(begun)))
            : health.Failed($"Nothing can be written ({Describe(unwritable)}).", IsOutage(unwritable));
    }

    private static bool Touch(StoreConnection connection, DateTimeOffset now)
    {
        connection.Run(Write);
        return true;
    }

    /// <summary>What a probe failed with; null where it did not.</summary>
    private static async ValueTask<Exception?> ProbeAsync<T>(ValueTask<T> probe, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await probe.AsTask().WaitAsync(timeout, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is SessionStoreException or TimeoutException or ObjectDisposedException)
        {
            return exception;
        }
    }

    private static bool IsOutage(Exception exception) => exception is TimeoutException or SessionStoreException { IsTransient: true };

    /// <summary>By its kind: what the exception says names the file, and health is shown to many.</summary>
    private static string Describe(Exception exception) => exception switch
    {
        TimeoutException => "no answer in time",
        SessionStoreUnavailableException => "it is locked by another process, or the disk failed",
        SessionLimitExceededException => "it cannot grow",
        SessionStoreConfigurationException => "it is damaged, read-only, missing, or of another layout",
        _ => exception.GetType().Name,
    };
}
