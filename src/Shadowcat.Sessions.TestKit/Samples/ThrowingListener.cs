namespace Shadowcat.Sessions.TestKit;

/// <summary>Cannot take it: throws on every session, in the call or in its task.</summary>
internal sealed class ThrowingListener(bool inTheCall) : ISessionExpirationListener
{
    public ValueTask OnSessionExpiredAsync(SessionId id, CancellationToken cancellationToken)
    {
        var exception = new InvalidOperationException("This listener always fails.");
        return inTheCall ? throw exception : ValueTask.FromException(exception);
    }
}
