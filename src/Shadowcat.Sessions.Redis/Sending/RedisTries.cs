using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>What is known of the tries of one call. Once it is cancelled, no further try is made.</summary>
/// <param name="failed">The failure of a try that was made before; null where there was none.</param>
internal sealed class RedisTries(RedisException? failed) : CancellationTokenSource
{
    private RedisException? _failed = failed;
    private RedisException? _newest;
    private RedisConnectionException? _ofUnknownOutcome;

    /// <summary>The failure of a try that may have been carried out; null where there is none.</summary>
    public RedisConnectionException? OfUnknownOutcome => Volatile.Read(ref _ofUnknownOutcome);

    /// <summary>The failure of the newest try, where no try is under way and none may have been carried out; else null.</summary>
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

    /// <summary>Notes the failure of a try.</summary>
    public void Note(RedisException exception)
    {
        if (RedisFaults.IsOutcomeUnknown(exception))
        {
            Volatile.Write(ref _ofUnknownOutcome, (RedisConnectionException)exception);
        }

        Volatile.Write(ref _newest, exception);
    }

    /// <summary>Notes the reason of the newest failure, where another try may still succeed.</summary>
    public void Explain(RedisException exception)
    {
        if (RedisFaults.IsTransient(exception))
        {
            Volatile.Write(ref _newest, exception);
        }
    }
}
