namespace Shadowcat.Sessions;

/// <summary>Something in the buffer that the store is to do, and those who wait for it.</summary>
/// <param name="operation">The operation, for errors.</param>
/// <param name="id">The session.</param>
/// <param name="isAccepted">Whether it was accepted, so that its caller has gone on.</param>
internal abstract class BufferedCall(string operation, SessionId id, bool isAccepted)
{
    public string Operation => operation;

    public SessionId Id => id;

    public bool IsAccepted => isAccepted;

    /// <summary>How many frames it is about.</summary>
    public virtual int Frames => 0;

    /// <summary>How many sessions it is to create.</summary>
    public virtual int Sessions => 0;

    public virtual long Bytes => 0;

    /// <summary>Where it waits; null when it waits no more. Guarded by the buffer's lock.</summary>
    public LinkedListNode<BufferedCall>? Place { get; set; }

    /// <summary>When it came, as a moment of <see cref="KnownGenerations"/>.</summary>
    public long CameAt { get; set; }

    public abstract void Fail(Exception exception);
}
