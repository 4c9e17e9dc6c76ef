namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>A file is no configuration of an MCP client, or cannot be changed as it was asked for.</summary>
internal sealed class ClientConfigurationException(string message, Exception? cause = null) : Exception(message, cause);
