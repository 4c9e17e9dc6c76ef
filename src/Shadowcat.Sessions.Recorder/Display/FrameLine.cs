using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>A frame as a line of text, for frames that come one by one.</summary>
internal static class FrameLine
{
    /// <param name="frame">The frame.</param>
    /// <param name="width">How wide the screen is, in cells.</param>
    public static string Of(MessageEnvelope frame, int width)
    {
        var cells = FrameTable.Row(frame, width);
        return SafeText.Cut($"{cells[0],5}  {cells[1]}  {cells[2],-6}  {cells[^1]}", width);
    }
}
