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

    /// <summary>Pauses grow exponentially from at most 25 ms and take a good third of the operation timeout together at most.</summary>
    public static ResiliencePipeline Create(TimeSpan operationTimeout) => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = static attempt => ValueTask.FromResult(RedisFaults.IsTransient(attempt.Outcome.Exception)),
            MaxRetryAttempts = Attempts,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = operationTimeout / 40 < LongestFirstPause ? operationTimeout / 40 : LongestFirstPause,
        })
        .Build();
}
