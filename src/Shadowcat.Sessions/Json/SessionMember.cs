namespace Shadowcat.Sessions;

/// <summary>The members of a session in JSON, in the order of <see cref="SessionMembers"/>. Those up to <see cref="CloseReason"/> describe it: an update replaces them as a whole.</summary>
internal enum SessionMember
{
    TransportType,
    Status,
    State,
    Boundary,
    ClientInfo,
    ServerInfo,
    VersionState,
    Tags,
    Attributes,
    TransportSessionId,
    CorrelationKey,
    Owner,
    CloseReason,
    Id,
    Generation,
    CreatedAt,
    TimeToLive,
    MaxLifetime,
    FirstSequence,
    FrameCount,
    LastActivity,
    ExpiresAt,
    Version,
}
