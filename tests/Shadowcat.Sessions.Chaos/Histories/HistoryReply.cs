namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>What the caller was answered.</summary>
internal enum HistoryReply : byte
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>There is no such session; of a create: its generation was deleted before.</summary>
    Absent,

    /// <summary>A create: another session has the id.</summary>
    Exists,

    /// <summary>An update: the session is another one by now.</summary>
    Conflict,

    /// <summary>An append: the session is full.</summary>
    Full,

    /// <summary>A reading: the frames are no longer kept.</summary>
    Trimmed,

    /// <summary>Nothing was done.</summary>
    NotDone,

    /// <summary>It may have been done, or be done later; no answer came.</summary>
    Unknown,

    /// <summary>Data is missing on the server, and the caller got an error that says so; whether it was done is unknown.</summary>
    LossTold,
}
