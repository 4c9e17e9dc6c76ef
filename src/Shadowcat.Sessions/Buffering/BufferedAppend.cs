namespace Shadowcat.Sessions;

/// <summary>Frames to be appended side by side, in their stored form: encoded once, so that they can be told from all others however often they are sent.</summary>
internal sealed class BufferedAppend(string operation, SessionId id, byte[][] frames, bool isAccepted) : BufferedCall<long>(operation, id, isAccepted)
{
    public byte[][] Encoded => frames;

    public override int Frames => frames.Length;

    public override long Bytes { get; } = frames.Sum(frame => (long)frame.Length);
}
