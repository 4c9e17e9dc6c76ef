using System.Diagnostics.Metrics;
using Polly;
using Polly.Retry;

namespace Shadowcat.Sessions.Redis;

/// <summary>Tries again, for a moment, what a broken connection or a busy server kept from being answered.</summary>
/// <remarks>
/// Trying again is safe where the outcome is unknown, because every write can be told from its repetition: a create by its generation, an
/// update or delete by its operation, an append by the stamps of its frames. What goes on for longer than a moment is an outage, and said to be one;
/// but where a server says itself that it will serve in a moment, it is asked until the time is up.
/// </remarks>
internal static class RedisRetry
{
    /// <summary>How much longer the longest pause is than the first.</summary>
    private const int Growth = 10;

    /// <summary>With this, the first four pauses take a good third of the timeout together at most.</summary>
    private const int FirstPausesInTimeout = 40;

    /// <summary>Makes the rule for trying again.</summary>
    /// <param name="options">How often, and after what pauses.</param>
    /// <param name="timeout">The shortest timeout that tries and pauses have to fit into.</param>
    /// <param name="isConnected">Whether the first connection was made. Until then whoever makes it also does the waiting.</param>
    /// <param name="waits">Whether a connection that broke is waited for until the time is up: it may be made again with other credentials.</param>
    /// <param name="count">Counts each try after the first.</param>
    public static ResiliencePipeline Create(RedisSessionStoreOptions options, TimeSpan timeout, Func<bool> isConnected, Func<Exception?, bool> waits, Counter<long> count)
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
                    count.Add(1);
                    return default;
                },
                Delay = first,
            })
            .Build();
    }
}
