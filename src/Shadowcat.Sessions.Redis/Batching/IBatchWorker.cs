namespace Shadowcat.Sessions.Redis;

/// <summary>Sends the batches of a <see cref="BatchQueue{TWorker}"/>, one after the other. The queue starts it; only <see cref="SendAsync"/> runs outside of the queue's lock.</summary>
internal interface IBatchWorker
{
    /// <summary>Whether it runs. Set by the queue, under its lock.</summary>
    bool IsBusy { get; set; }

    /// <summary>How many entries of the queue are in its batch.</summary>
    int Count { get; }

    /// <summary>Whether the batch that was sent last had more than one caller.</summary>
    bool IsShared { get; }

    /// <summary>Releases the batch that was sent last. Under the queue's lock.</summary>
    /// <param name="lone">The caller that <see cref="SendAsync"/> returned.</param>
    void Clear(IBatchCaller? lone);

    /// <summary>Fills the batch, which is empty, with what waits. Under the queue's lock.</summary>
    /// <param name="share">How many entries of the queue it takes at most.</param>
    /// <returns>Whether anything waited.</returns>
    bool TryFill(int share);

    /// <summary>Sends the batch, and completes its callers. It does not throw: what fails is handed to the callers.</summary>
    /// <returns>The only caller of the batch, who is still to be completed; null where there were several.</returns>
    ValueTask<IBatchCaller?> SendAsync();
}
