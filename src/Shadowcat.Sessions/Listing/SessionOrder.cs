namespace Shadowcat.Sessions;

/// <summary>In which order a listing yields sessions: by <see cref="Session.CreatedAt"/>, and those created in the same millisecond by the bytes of their ids.</summary>
public enum SessionOrder
{
    /// <summary>The session that was created first comes first.</summary>
    OldestFirst,

    /// <summary>The session that was created last comes first: exactly the reverse of <see cref="OldestFirst"/>.</summary>
    NewestFirst,
}
