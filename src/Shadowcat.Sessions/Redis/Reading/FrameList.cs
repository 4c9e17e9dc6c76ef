namespace Shadowcat.Sessions;

/// <summary>What a session's hash says of its list of frames.</summary>
/// <param name="Generation">Which life of the id it is.</param>
/// <param name="End">The sequence the next frame gets.</param>
/// <param name="First">The sequence of the oldest frame kept.</param>
internal readonly record struct FrameList(string Generation, long End, long First)
{
    public long Count => End - First;

    public static SessionSerializationException Damaged(string operation, SessionId id) => new(
        operation, id, "session and list of frames disagree, or hold something else: another client changed them.", SessionHash.Format);
}
