namespace Shadowcat.Sessions;

/// <summary>The names of the operations of stores, as errors, logs and telemetry say them: a closed set. Each is the member of <see cref="ISessionStore"/> without "Async".</summary>
public static class Operations
{
    /// <summary><see cref="ISessionStore.CreateSessionAsync(Session, long, CancellationToken)"/>.</summary>
    public const string CreateSession = nameof(CreateSession);

    /// <summary><see cref="ISessionStore.GetSessionAsync"/>.</summary>
    public const string GetSession = nameof(GetSession);

    /// <summary><see cref="ISessionStore.GetSessionsAsync"/>.</summary>
    public const string GetSessions = nameof(GetSessions);

    /// <summary><see cref="ISessionStore.UpdateSessionAsync"/>.</summary>
    public const string UpdateSession = nameof(UpdateSession);

    /// <summary><see cref="ISessionStore.DeleteSessionAsync"/>.</summary>
    public const string DeleteSession = nameof(DeleteSession);

    /// <summary><see cref="ISessionStore.TouchSessionAsync"/>.</summary>
    public const string TouchSession = nameof(TouchSession);

    /// <summary><see cref="ISessionStore.ListSessionsAsync"/> and <see cref="ISessionStore.ListSessionPageAsync"/>.</summary>
    public const string ListSessions = nameof(ListSessions);

    /// <summary><see cref="ISessionStore.CountSessionsAsync"/>.</summary>
    public const string CountSessions = nameof(CountSessions);

    /// <summary><see cref="ISessionStore.AddFrameAsync"/>.</summary>
    public const string AddFrame = nameof(AddFrame);

    /// <summary><see cref="ISessionStore.AddFramesAsync"/>.</summary>
    public const string AddFrames = nameof(AddFrames);

    /// <summary><see cref="ISessionStore.GetFramesAsync"/>.</summary>
    public const string GetFrames = nameof(GetFrames);

    /// <summary><see cref="ISessionStore.BorrowFramesAsync"/>.</summary>
    public const string BorrowFrames = nameof(BorrowFrames);

    /// <summary><see cref="ISessionStore.FollowFramesAsync"/>.</summary>
    public const string FollowFrames = nameof(FollowFrames);

    /// <summary><see cref="ISessionStore.CountFramesAsync"/>.</summary>
    public const string CountFrames = nameof(CountFrames);

    /// <summary><see cref="ISessionStore.DeleteFramesAsync"/>.</summary>
    public const string DeleteFrames = nameof(DeleteFrames);

    /// <summary><see cref="ISessionStore.ReapExpiredSessionsAsync"/>.</summary>
    public const string ReapExpiredSessions = nameof(ReapExpiredSessions);

    /// <summary>Writing one session into an archive.</summary>
    public const string ExportSession = nameof(ExportSession);

    /// <summary>Writing sessions into an archive.</summary>
    public const string ExportSessions = nameof(ExportSessions);

    /// <summary>Reading sessions out of an archive into a store.</summary>
    public const string ImportSessions = nameof(ImportSessions);

    /// <summary>Connecting to the server of a store.</summary>
    public const string Connect = nameof(Connect);

    /// <summary><see cref="ISessionStoreHealth.CheckHealthAsync"/>.</summary>
    public const string CheckHealth = nameof(CheckHealth);

    /// <summary>Whether an operation changes nothing, so that nothing is unknown about one that was not answered.</summary>
    /// <param name="operation">One of these names.</param>
    public static bool IsRead(string operation) => operation
        is GetSession or GetSessions or ListSessions or CountSessions or GetFrames or BorrowFrames or FollowFrames or CountFrames
        or ExportSession or ExportSessions or Connect or CheckHealth;
}
