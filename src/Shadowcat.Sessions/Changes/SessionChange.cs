namespace Shadowcat.Sessions;

/// <summary>A session changed, but for its activity.</summary>
/// <param name="Id">Which.</param>
/// <param name="Generation">Which life of it; <c>default</c> where that is not known.</param>
/// <param name="Version">The version it has now; 0 where it is gone.</param>
internal readonly record struct SessionChange(SessionId Id, Guid Generation, long Version)
{
    /// <summary>There is no session of that id.</summary>
    public static SessionChange Gone(SessionId id) => new(id, default, 0);
}
