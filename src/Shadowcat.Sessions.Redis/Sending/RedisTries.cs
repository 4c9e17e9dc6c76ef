using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>What is known of the tries of one call. Cancelled, no further one is made.</summary>
/// <param name="failed">How a try ended that was made before; null where there was none.</param>
internal sealed class RedisTries(RedisException? failed) : CancellationTokenSource
{
    private RedisException? _failed = failed;
    private RedisException? _newest;
    private RedisConnectionException? _ofUnknownOutcome;

    /// <summary>How a try ended that may have been carried out; null where there was none.</summary>
    public RedisConnectionException? OfUnknownOutcome => Volatile.Read(ref _ofUnknownOutcome);

    /// <summary>How the newest try ended, where no other one is under way, and no try at all may have been carried out; else null.</summary>
    public RedisException? NothingDone => OfUnknownOutcome is null ? Volatile.Read(ref _newest) : null;

    /// <summary>Takes the failure of the try that was made before, once.</summary>
    public bool TryTakeFailed([NotNullWhen(true)] out RedisException? failed)
    {
        failed = _failed;
        _failed = null;
        return failed is not null;
    }

    /// <summary>Notes that a try begins.</summary>
    public void Begin() => Volatile.Write(ref _newest, null);

    /// <summary>Notes how a try ended.</summary>
    public void Note(RedisException exception)
    {
        if (RedisFaults.IsOutcomeUnknown(exception))
        {
            Volatile.Write(ref _ofUnknownOutcome, (RedisConnectionException)exception);
        }

        Volatile.Write(ref _newest, exception);
    }

    /// <summary>Notes why the newest try ended as it did, where another one is worth making all the same.</summary>
    public void Explain(RedisException exception)
    {
        if (RedisFaults.IsTransient(exception))
        {
            Volatile.Write(ref _newest, exception);
        }
    }
}
