namespace Shadowcat.Sessions;

/// <summary>A session was changed since it was read, so an update of what was read is refused. Nothing was written.</summary>
public sealed class SessionConflictException : SessionStoreException
{
    /// <summary>Reports an update that came too late.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="current">The session as it stands.</param>
    /// <param name="attempted">The version the update was based on.</param>
    public SessionConflictException(string operation, Session current, long attempted)
        : base(operation, (current ?? throw new ArgumentNullException(nameof(current))).Id, $"it was read at version {attempted} and is now another one, of version {current.Version}.")
    {
        Current = current;
    }

    /// <summary>The session as it stood when the update was refused: apply the change to this one, or give it up.</summary>
    public Session Current { get; }
}
