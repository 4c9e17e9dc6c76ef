namespace Shadowcat.Sessions.Recorder.Proxying;

/// <summary>There is nothing to put the proxy in front of; the message says why.</summary>
internal sealed class ProxyException(string message, Exception? cause = null) : Exception(message, cause);
