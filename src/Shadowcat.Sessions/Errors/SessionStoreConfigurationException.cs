namespace Shadowcat.Sessions;

/// <summary>Backend and configuration do not fit: a server too old, credentials refused, a layout that disagrees with the options. Trying again cannot help.</summary>
public sealed class SessionStoreConfigurationException : SessionStoreException
{
    /// <summary>Reports what does not fit.</summary>
    public SessionStoreConfigurationException(string operation, SessionId? sessionId, string message, Exception? innerException = null)
        : base(operation, sessionId, message, innerException)
    {
    }
}
