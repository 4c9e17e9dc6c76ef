namespace Shadowcat.Sessions;

/// <summary>What goes to the store in one call, and again, unchanged, until it is known what became of it.</summary>
internal abstract class BufferedStep
{
    /// <summary>The calls that it is made of, all of one kind, in their order.</summary>
    public abstract IReadOnlyList<BufferedCall> Calls { get; }

    /// <summary>Whether an attempt may have taken effect of which nobody knows.</summary>
    public bool MayBeDone { get; protected set; }

    /// <summary>Sends it to the store.</summary>
    /// <param name="sessions">The store, and the way to look at its sessions.</param>
    /// <param name="backlog">What is known of the session.</param>
    public abstract Task SendAsync(BufferedReads sessions, SessionBacklog backlog);

    /// <summary>Gets ready to be sent again because the server was found to have lost frames.</summary>
    /// <returns>Whether that may be done at once. A store that says so time and again has to be given time.</returns>
    public virtual bool TryRepeatAfterLoss() => false;

    /// <summary>The exception that a caller gets for a failure.</summary>
    public virtual Exception FailureFor(BufferedCall call, Exception failure) => failure;

    /// <summary>Completes each call with what became of it.</summary>
    public abstract void Complete();

    /// <summary>Whether a call that failed so may have been carried out.</summary>
    public static bool IsOutcomeUnknown(SessionStoreException exception) =>
        exception is SessionTimeoutException or SessionStoreUnavailableException { OutcomeUnknown: true };
}
