using Polly;
using Polly.Retry;

namespace Shadowcat.Sessions.Redis;

/// <summary>Tries a call again for a moment that a broken connection or a busy server did not answer.</summary>
/// <remarks>
/// Trying again is safe where the outcome is unknown, because every write is idempotent: a create by its generation, an update or delete by its
/// operation, an append by the stamps of its frames. What lasts longer than a moment is an outage and is reported as one. But a server that reports
/// that it will serve soon is asked until the time is up.
/// </remarks>
internal static class RedisRetry
{
    /// <summary>The longest pause, as a multiple of the first.</summary>
    private const int Growth = 10;

    /// <summary>The first pause is at most this part of the timeout: then the first four take a good third of it together.</summary>
    private const int FirstPausesInTimeout = 40;

    /// <summary>Makes the rule for trying again.</summary>
    /// <param name="options">How often, and after what pauses.</param>
    /// <param name="timeout">The shortest timeout that tries and pauses have to fit into.</param>
    /// <param name="isConnected">Whether the first connection was made. Until then connecting itself waits.</param>
    /// <param name="waits">Whether calls wait for a connection that broke until the time is up: it may be made again with new credentials.</param>
    /// <param name="count">Counts each try after the first.</param>
    public static ResiliencePipeline Create(RedisSessionStoreOptions options, TimeSpan timeout, Func<bool> isConnected, Func<Exception?, bool> waits, Action count)
    {
        var (retries, pause) = (options.MaxRetries, options.RetryDelay);
        var first = timeout / FirstPausesInTimeout < pause ? timeout / FirstPausesInTimeout : pause;
        return new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = attempt => ValueTask.FromResult(
                    isConnected()
                    && (RedisFaults.IsInMotion(attempt.Outcome.Exception) || waits(attempt.Outcome.Exception) || (attempt.AttemptNumber < retries && RedisFaults.IsTransient(attempt.Outcome.Exception)))),
                MaxRetryAttempts = int.MaxValue,
                MaxDelay = first * Growth,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = _ =>
                {
                    count();
                    return default;
                },
                Delay = first,
            })
            .Build();
    }
}
