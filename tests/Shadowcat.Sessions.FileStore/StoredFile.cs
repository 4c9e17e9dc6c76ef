namespace Shadowcat.Sessions.FileStore;

/// <summary>What the file of an id says.</summary>
internal sealed class StoredFile
{
    /// <summary>The id.</summary>
    public SessionId Id { get; set; }

    /// <summary>The session; null where it was deleted or reclaimed.</summary>
    public Session? Session { get; set; }

    /// <summary>When the store created it.</summary>
    public DateTimeOffset Begun { get; set; }

    /// <summary>Which generations of the id have ended, and when, so that a late create does not bring one back.</summary>
    public Dictionary<Guid, DateTimeOffset> Ended { get; set; } = [];

    /// <summary>Which file has its frames.</summary>
    public int FramesFile { get; set; }

    /// <summary>How many bytes of that file count.</summary>
    public long FramesLength { get; set; }

    /// <summary>One to change: what it is a copy of stays.</summary>
    public StoredFile Copy() => new() { Id = Id, Session = Session, Begun = Begun, Ended = new(Ended), FramesFile = FramesFile, FramesLength = FramesLength };
}
