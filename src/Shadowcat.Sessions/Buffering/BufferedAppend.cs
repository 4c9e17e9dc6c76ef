namespace Shadowcat.Sessions;

/// <summary>Frames to be appended side by side. Their keys distinguish them from all others, however often they are sent.</summary>
/// <remarks>For which session they are meant is guarded by the buffer's lock.</remarks>
internal sealed class BufferedAppend(string operation, SessionId id, IdempotentFrame[] frames, bool isAccepted) : BufferedCall<long>(operation, id, isAccepted)
{
    public IReadOnlyList<IdempotentFrame> Appended => frames;

    public override int Frames => frames.Length;

    public override long Bytes { get; } = frames.Sum(static frame => FrameSize.Of(frame.Envelope));

    /// <summary>The generation of the session that they are meant for; <see cref="Guid.Empty"/> where that is not known yet.</summary>
    public Guid Generation { get; set; }

    /// <summary>Whether they are for that session and no other. Those of a caller who waits, and whom nothing has held up yet, go to the session that has the id when they are stored.</summary>
    public bool IsBound { get; set; }

    /// <summary>Whether there was no such session when it was looked for.</summary>
    public bool IsGone { get; set; }

    /// <summary>When that session became known, as a moment of <see cref="KnownGenerations"/>; 0 where it is not known yet.</summary>
    public long KnownSince { get; set; }

    /// <summary>Whether the store can be given both in one call.</summary>
    public bool GoesWith(BufferedAppend other) => (Generation, IsBound, IsGone) == (other.Generation, other.IsBound, other.IsGone);
}
