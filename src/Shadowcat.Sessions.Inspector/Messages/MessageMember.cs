namespace Shadowcat.Sessions.Inspector;

/// <summary>A member of a message that says something to a list of messages.</summary>
internal enum MessageMember
{
    None,
    Target,
    ProgressToken,
    CancelledId,
    TaskId,
    RequestState,
    LogLevel,
    Progress,
    Total,
    IsError,
    ErrorCode,
    ErrorMessage,
}
