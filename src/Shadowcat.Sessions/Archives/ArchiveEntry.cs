namespace Shadowcat.Sessions;

/// <summary>What stands in a line of an archive.</summary>
internal enum ArchiveEntry
{
    /// <summary>Nothing: no further line is complete.</summary>
    None,

    /// <summary>The beginning of an archive of many sessions.</summary>
    Archive,

    /// <summary>A session.</summary>
    Session,

    /// <summary>A frame of the session before it.</summary>
    Frame,

    /// <summary>The end of a session.</summary>
    SessionEnd,

    /// <summary>The end of an archive of many sessions.</summary>
    ArchiveEnd,
}
