using Polly;
using Polly.Retry;

namespace Shadowcat.Sessions;

/// <summary>Tries again, for a moment, what a broken connection or a busy server kept from being answered.</summary>
/// <remarks>
/// Trying again is safe where the outcome is unknown, because every write can be told from its repetition: a create by its generation, an
/// update or delete by its operation, an append by the number of its call. What goes on for longer than a moment is an outage, and said to be one.
/// </remarks>
internal static class RedisRetry
{
    private const int Attempts = 4;
    private static readonly TimeSpan LongestFirstPause = TimeSpan.FromMilliseconds(25);

    /// <summary>Makes the rule for trying again.</summary>
    /// <param name="operationTimeout">What tries and pauses have to fit into.</param>
    /// <param name="isConnected">Whether the first connection was made. Until then whoever makes it also does the waiting.</param>
    /// <remarks>Pauses grow exponentially from at most 25 ms and take a good third of the operation timeout together at most.</remarks>
    public static ResiliencePipeline Create(TimeSpan operationTimeout, Func<bool> isConnected) => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = attempt => ValueTask.FromResult(isConnected() && RedisFaults.IsTransient(attempt.Outcome.Exception)),
            MaxRetryAttempts = Attempts,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = operationTimeout / 40 < LongestFirstPause ? operationTimeout / 40 : LongestFirstPause,
        })
        .Build();
}
