namespace Shadowcat.Sessions;

/// <summary>How far an export or import is.</summary>
/// <param name="Sessions">How many sessions are complete, with those that were there before.</param>
/// <param name="Frames">How many frames are written, with those that were there before.</param>
/// <param name="Bytes">How many bytes of the archive were written, with those that were there before; of an import, read.</param>
public readonly record struct SessionArchiveProgress(long Sessions, long Frames, long Bytes);
