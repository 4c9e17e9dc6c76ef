namespace Shadowcat.Sessions;

/// <summary>Somebody who waits for what came before, to do something that does not wait through an outage.</summary>
internal sealed class BufferedBarrier(string operation, SessionId id) : BufferedCall<bool>(operation, id, isAccepted: false)
{
    /// <summary>The failure of it where the store does not serve.</summary>
    /// <param name="fault">What the store said; null where that is longer ago.</param>
    public SessionStoreUnavailableException NotPassed(Exception? fault = null) => new(
        Operation, Id, "the store does not serve, and what was given for the session before still waits for it; nothing was done.", outcomeUnknown: false, fault);
}
