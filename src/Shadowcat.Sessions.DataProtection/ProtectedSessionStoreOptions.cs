namespace Shadowcat.Sessions;

/// <summary>What a <see cref="ProtectedSessionStore"/> can be told.</summary>
public sealed class ProtectedSessionStoreOptions
{
    /// <summary>Whether frames and sessions that were stored without protection can be read: for the time in which those of before still live.</summary>
    /// <value>False by default: what is not protected is refused as unreadable, so that nobody who can write to the server can put something in that was never recorded.</value>
    public bool ReadUnprotected { get; set; }
}
