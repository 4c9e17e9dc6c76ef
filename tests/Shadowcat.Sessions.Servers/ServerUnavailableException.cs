namespace Shadowcat.Sessions.Servers;

/// <summary>This kind of server cannot be had on this machine; the message says why.</summary>
public sealed class ServerUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
