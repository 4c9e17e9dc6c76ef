using Polly;
using Polly.Retry;

namespace Shadowcat.Sessions;

/// <summary>Tries again, for a moment, what a broken connection or a busy server kept from being answered.</summary>
/// <remarks>
/// Trying again is safe where the outcome is unknown, because every write can be told from its repetition: a create by its generation, an
/// update or delete by its operation, an append by the number of its call. What goes on for longer than a moment is an outage, and said to be one;
/// but where a server says itself that it will serve in a moment, it is asked until the time is up.
/// </remarks>
internal static class RedisRetry
{
    private const int Attempts = 4;
    private static readonly TimeSpan LongestFirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Makes the rule for trying again.</summary>
    /// <param name="operationTimeout">What tries and pauses have to fit into.</param>
    /// <param name="isConnected">Whether the first connection was made. Until then whoever makes it also does the waiting.</param>
    /// <remarks>Pauses grow exponentially from at most 25 ms to at most 250 ms; the first four take a good third of the operation timeout together at most.</remarks>
    public static ResiliencePipeline Create(TimeSpan operationTimeout, Func<bool> isConnected) => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = attempt => ValueTask.FromResult(
                isConnected()
                && (RedisFaults.IsInMotion(attempt.Outcome.Exception) || (attempt.AttemptNumber < Attempts && RedisFaults.IsTransient(attempt.Outcome.Exception)))),
            MaxRetryAttempts = int.MaxValue,
            MaxDelay = LongestPause,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = operationTimeout / 40 < LongestFirstPause ? operationTimeout / 40 : LongestFirstPause,
        })
        .Build();
}
