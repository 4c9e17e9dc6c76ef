namespace Shadowcat.Sessions.Redis;

/// <summary>The tries of one call. A try that was not answered may have been carried out, and may still arrive.</summary>
internal sealed class CallTries
{
    /// <summary>Whether a try was not answered.</summary>
    public bool MayArriveLate { get; private set; }

    /// <summary>Waits for the answer of a try, and notes where there is none.</summary>
    public async ValueTask<T> ObserveAsync<T>(Task<T> answer)
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.MayArriveLate(exception))
        {
            MayArriveLate = true;
            throw;
        }
    }

    /// <summary>The exception of a call that finds no such session: nothing was done, or where a try was not answered, the outcome is unknown.</summary>
    public SessionStoreException Gone(string operation, SessionId id) => MayArriveLate ? Ended(operation, id) : new SessionNotFoundException(operation, id);

    /// <summary>The session has ended since a try that was not answered.</summary>
    public static SessionStoreUnavailableException Ended(string operation, SessionId id) => new(
        operation, id, "the connection broke, and the session has ended since; whether the call was carried out before is unknown.", outcomeUnknown: true);
}
