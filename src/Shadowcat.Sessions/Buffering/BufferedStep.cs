namespace Shadowcat.Sessions;

/// <summary>What goes to the store in one call, and again, unchanged, until it is known what became of it.</summary>
internal abstract class BufferedStep
{
    /// <summary>The calls that it is made of, all of one kind, in their order.</summary>
    public abstract IReadOnlyList<BufferedCall> Calls { get; }

    /// <summary>Whether an attempt may have taken effect of which nobody knows.</summary>
    public bool MayBeDone { get; protected set; }

    /// <summary>Sends it to the store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="backlog">What is known of the session.</param>
    public abstract Task SendAsync(ISessionStore store, SessionBacklog backlog);

    /// <summary>Tells each caller what became of its call.</summary>
    public abstract void Complete();

    protected static bool IsOutcomeUnknown(SessionStoreException exception) =>
        exception is SessionTimeoutException or SessionStoreUnavailableException { OutcomeUnknown: true };
}
