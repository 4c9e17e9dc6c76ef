namespace Shadowcat.Sessions;

/// <summary>A session was created, updated or deleted.</summary>
public readonly record struct SessionChange
{
    /// <summary>Says what a session is now.</summary>
    /// <param name="id">The session.</param>
    /// <param name="generation">Its <see cref="Session.Generation"/>; <see cref="Guid.Empty"/> where that is not known.</param>
    /// <param name="version">The <see cref="Session.Version"/> that it has now; 0 where it is gone.</param>
    public SessionChange(SessionId id, Guid generation, long version)
    {
        Id = id;
        Generation = generation;
        Version = version;
    }

    /// <summary>The session.</summary>
    public SessionId Id { get; }

    /// <summary>Its <see cref="Session.Generation"/>; <see cref="Guid.Empty"/> where that is not known.</summary>
    public Guid Generation { get; }

    /// <summary>The <see cref="Session.Version"/> that it has now; 0 where it is gone.</summary>
    public long Version { get; }

    /// <summary>There is no session of that id.</summary>
    /// <param name="id">The id.</param>
    public static SessionChange Gone(SessionId id) => new(id, Guid.Empty, 0);
}
