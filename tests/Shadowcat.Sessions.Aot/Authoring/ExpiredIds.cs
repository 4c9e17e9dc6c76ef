namespace Shadowcat.Sessions.Aot.Authoring;

/// <summary>Notes which sessions expired.</summary>
internal sealed class ExpiredIds : ISessionExpirationListener
{
    /// <summary>Their ids.</summary>
    public List<SessionId> Ids { get; } = [];

    public ValueTask OnSessionExpiredAsync(SessionId id, CancellationToken cancellationToken)
    {
        Ids.Add(id);
        return ValueTask.CompletedTask;
    }
}
