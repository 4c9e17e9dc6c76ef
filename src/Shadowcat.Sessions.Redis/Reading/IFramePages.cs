namespace Shadowcat.Sessions.Redis;

/// <summary>One reading of a session's frames, page by page. Disposing of it ends it; pages that were handed out belong to whoever has them.</summary>
internal interface IFramePages : IDisposable
{
    /// <summary>Reads the next page, which the caller disposes of; null at the end. Not to be called again before it has completed.</summary>
    ValueTask<FramePage?> NextAsync();
}
