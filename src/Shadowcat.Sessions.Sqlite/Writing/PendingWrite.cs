namespace Shadowcat.Sessions.Sqlite;

/// <summary>A write that waits for its turn, or is under way.</summary>
internal abstract class PendingWrite
{
    /// <summary>About how many bytes it writes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Begins it: from now on it cannot be cancelled. May be called again.</summary>
    /// <returns>False where it was cancelled before.</returns>
    public abstract bool TryBegin();

    /// <summary>Runs it within a transaction. What it refuses is kept for its caller, and has changed nothing. May be called again, where the transaction was rolled back.</summary>
    public abstract void Run(StoreConnection connection, DateTimeOffset now);

    /// <summary>Completes its caller, after the commit.</summary>
    public abstract void Complete();

    /// <summary>Fails its caller, after a rollback.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Fails its caller, in the words of the contract.</summary>
    public abstract void Fail(Exception fault, FileFaults faults, bool isOutcomeUnknown);
}
