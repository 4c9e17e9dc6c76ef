namespace Shadowcat.Sessions.DataProtection;

/// <summary>The options of a <see cref="ProtectedSessionStore"/>.</summary>
/// <remarks>They are read once, when the store is made: later changes of the configuration have no effect.</remarks>
public sealed class ProtectedSessionStoreOptions
{
    /// <summary>Whether frames and sessions that were stored without protection can be read: for the time in which those of before still live.</summary>
    /// <value>False by default: what is not protected is refused as unreadable, so that nobody who can write to the server can put something in that was never recorded.</value>
    public bool ReadUnprotected { get; set; }

    /// <summary>Whether frames and sessions can be read that an earlier version of the library protected, which bound neither owner nor, of frames, generation: for the time in which those of before still live.</summary>
    /// <value>False by default. While it is on, a changed <see cref="Session.Owner"/> is not noticed where whoever changed it also takes away what binds it. What is written is always bound.</value>
    public bool ReadVersion1 { get; set; }
}
