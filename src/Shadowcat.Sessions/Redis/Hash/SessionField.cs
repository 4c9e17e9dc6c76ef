namespace Shadowcat.Sessions;

/// <summary>The fields that a session is read from, in the order in which a new hash has them.</summary>
internal enum SessionField
{
    Format,
    List,
    Frames,
    First,
    TimeToLive,
    Expires,
    Active,
    MaxLifetime,
    Version,
    Generation,
    Created,
    Transport,
    Status,
    State,
    Boundary,
    Client,
    Server,
    Versions,
    Tags,
    Owner,
    Alias,
    Correlation,
    Reason,
}
