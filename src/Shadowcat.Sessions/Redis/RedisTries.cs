using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>What is known of the tries of one call. Cancelled, no further one is made.</summary>
internal sealed class RedisTries : CancellationTokenSource
{
    private RedisConnectionException? _ofUnknownOutcome;

    /// <summary>How a try ended that may have been carried out; null where there was none.</summary>
    public RedisConnectionException? OfUnknownOutcome => Volatile.Read(ref _ofUnknownOutcome);

    /// <summary>Notes how a try ended.</summary>
    public void Note(RedisConnectionException exception)
    {
        if (RedisFaults.IsOutcomeUnknown(exception))
        {
            Volatile.Write(ref _ofUnknownOutcome, exception);
        }
    }
}
