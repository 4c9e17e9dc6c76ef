namespace Shadowcat.Sessions.Redis;

/// <summary>The only caller of a batch, whose answer is there.</summary>
internal interface IBatchCaller
{
    /// <summary>Completes the caller with its answer.</summary>
    /// <param name="here">Whether the caller continues on this thread, rather than on one of the pool.</param>
    void Complete(bool here);
}
