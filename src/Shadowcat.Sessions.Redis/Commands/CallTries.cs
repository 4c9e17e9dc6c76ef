namespace Shadowcat.Sessions.Redis;

/// <summary>What became of the tries of one call until now. A try that was not answered may have been carried out, and may still arrive.</summary>
internal sealed class CallTries
{
    /// <summary>Whether a try was not answered.</summary>
    public bool MayArriveLate { get; private set; }

    /// <summary>Makes a try.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> send)
    {
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.MayArriveLate(exception))
        {
            MayArriveLate = true;
            throw;
        }
    }

    /// <summary>What a call is told that finds no such session any more: nothing was done, or where a try was not answered, nobody knows.</summary>
    public SessionStoreException Gone(string operation, SessionId id) => MayArriveLate ? Ended(operation, id) : new SessionNotFoundException(operation, id);

    /// <summary>The session has ended since a try that was not answered.</summary>
    public static SessionStoreUnavailableException Ended(string operation, SessionId id) => new(
        operation, id, "the connection broke, and the session has ended since: whether this was carried out before is unknown.", outcomeUnknown: true);
}
