namespace Shadowcat.Sessions;

/// <summary>A caller's frames on their way, and the caller who waits for them.</summary>
internal sealed class PendingAppend(string operation, SessionId id, byte[][] frames)
    : TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public string Operation { get; } = operation;

    public SessionId Id { get; } = id;

    public byte[][] Frames { get; } = frames;

    public long Bytes { get; } = frames.Sum(frame => (long)frame.Length);
}
