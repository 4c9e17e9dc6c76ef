namespace Shadowcat.Sessions;

/// <summary>Somebody who waits for what came before, to do something that does not wait through an outage.</summary>
internal sealed class BufferedBarrier(string operation, SessionId id) : BufferedCall<bool>(operation, id, isAccepted: false);
