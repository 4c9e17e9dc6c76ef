namespace Shadowcat.Sessions.Chaos.Schedules;

/// <summary>What a call of a schedule does to the session. That a session expires is no call: nobody asks for it.</summary>
internal enum Mutation
{
    /// <summary>Appends a frame by a store without bounds, which pushes where it knows the list.</summary>
    Push,

    /// <summary>Appends a frame by a store with a bound that is never reached, which always sends the script.</summary>
    Script,

    /// <summary>Appends a frame by a store that keeps two: the oldest go, and the list gets another name.</summary>
    Trim,

    /// <summary>Deletes the session.</summary>
    Delete,

    /// <summary>Creates a session of that id, of a generation of its own.</summary>
    Create,

    /// <summary>Changes the lifetime, for which the list gets another name.</summary>
    Rename,

    /// <summary>Deletes all frames.</summary>
    DeleteFrames,

    /// <summary>Replaces what the application owns.</summary>
    Update,

    /// <summary>Notes activity.</summary>
    Touch,
}
