namespace Shadowcat.Sessions;

/// <summary>How far an export or import is.</summary>
public readonly record struct SessionArchiveProgress
{
    /// <summary>Says how far it is.</summary>
    /// <param name="sessions">How many sessions are complete, with those that were there before.</param>
    /// <param name="frames">How many frames are written, with those that were there before.</param>
    /// <param name="bytes">How many bytes of the archive were written, with those that were there before; of an import, read.</param>
    public SessionArchiveProgress(long sessions, long frames, long bytes)
    {
        Sessions = sessions;
        Frames = frames;
        Bytes = bytes;
    }

    /// <summary>How many sessions are complete, with those that were there before.</summary>
    public long Sessions { get; }

    /// <summary>How many frames are written, with those that were there before.</summary>
    public long Frames { get; }

    /// <summary>How many bytes of the archive were written, with those that were there before; of an import, read.</summary>
    public long Bytes { get; }
}
