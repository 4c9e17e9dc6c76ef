namespace Shadowcat.Sessions.Redis;

/// <summary>Where a reader is: the last frame that it read. What follows has to follow that very frame.</summary>
internal sealed class ReadPosition
{
    /// <summary>The last frame; null where nothing was read yet.</summary>
    public FrameMark? Last { get; set; }
}
