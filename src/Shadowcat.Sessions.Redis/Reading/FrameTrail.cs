namespace Shadowcat.Sessions.Redis;

/// <summary>The last frame that a reader has come to, by which it knows that what follows still stands behind it.</summary>
internal sealed class FrameTrail
{
    /// <summary>That frame; null where nothing was read yet.</summary>
    public FrameMark? Last { get; set; }
}
