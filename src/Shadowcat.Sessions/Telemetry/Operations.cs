namespace Shadowcat.Sessions;

/// <summary>The names of the operations in errors, logs and telemetry: a closed set.</summary>
internal static class Operations
{
    public const string CreateSession = nameof(CreateSession);
    public const string GetSession = nameof(GetSession);
    public const string GetSessions = nameof(GetSessions);
    public const string UpdateSession = nameof(UpdateSession);
    public const string DeleteSession = nameof(DeleteSession);
    public const string TouchSession = nameof(TouchSession);
    public const string ListSessions = nameof(ListSessions);
    public const string CountSessions = nameof(CountSessions);
    public const string AddFrame = nameof(AddFrame);
    public const string AddFrames = nameof(AddFrames);
    public const string GetFrames = nameof(GetFrames);
    public const string BorrowFrames = nameof(BorrowFrames);
    public const string FollowFrames = nameof(FollowFrames);
    public const string CountFrames = nameof(CountFrames);
    public const string DeleteFrames = nameof(DeleteFrames);
    public const string ReapExpiredSessions = nameof(ReapExpiredSessions);
    public const string ExportSession = nameof(ExportSession);
    public const string ExportSessions = nameof(ExportSessions);
    public const string ImportSessions = nameof(ImportSessions);
    public const string Connect = nameof(Connect);
    public const string CheckHealth = nameof(CheckHealth);

    /// <summary>Whether an operation changes nothing, so that there is nothing unknown about one that was not answered.</summary>
    public static bool IsRead(string operation) => operation
        is GetSession or GetSessions or ListSessions or CountSessions or GetFrames or BorrowFrames or FollowFrames or CountFrames
        or ExportSession or ExportSessions or Connect or CheckHealth;
}
