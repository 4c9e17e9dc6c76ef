namespace Shadowcat.Sessions;

/// <summary>The progress of an export or import.</summary>
public readonly record struct SessionArchiveProgress
{
    /// <summary>Reports progress.</summary>
    /// <param name="sessions">How many sessions are complete, including those that were there before.</param>
    /// <param name="frames">How many frames are written, including those that were there before.</param>
    /// <param name="bytes">How many bytes of the archive were written, including those that were there before; for an import, how many were read.</param>
    public SessionArchiveProgress(long sessions, long frames, long bytes)
    {
        Sessions = sessions;
        Frames = frames;
        Bytes = bytes;
    }

    /// <summary>How many sessions are complete, including those that were there before.</summary>
    public long Sessions { get; }

    /// <summary>How many frames are written, including those that were there before.</summary>
    public long Frames { get; }

    /// <summary>How many bytes of the archive were written, including those that were there before; for an import, how many were read.</summary>
    public long Bytes { get; }
}
