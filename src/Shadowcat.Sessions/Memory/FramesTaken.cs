namespace Shadowcat.Sessions;

/// <summary>Frames that a reader has taken, as the store holds them: nobody may change their payloads.</summary>
/// <param name="First">The sequence of the first of them.</param>
/// <param name="Frames">The frames.</param>
internal readonly record struct FramesTaken(long First, IdempotentFrame[] Frames)
{
    /// <summary>A frame with its sequence.</summary>
    public MessageEnvelope this[int index] => Frames[index].Envelope with { Sequence = First + index };
}
