using Polly;
using Polly.Retry;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Tries a first call again whose connection cannot be made for no known reason: the client library may report the reason only after another try.</summary>
internal static class ReasonRetry
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Makes a call until it succeeds, or fails for a known reason, or the time is up.</summary>
    public static async Task<T> RunAsync<T>(Func<Task<T>> call, TimeSpan limit)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var retry = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = attempt => ValueTask.FromResult(
                    attempt.Outcome.Exception is RedisConnectionException exception && !ConnectionFaults.SaysWhy(exception) && TimeProvider.System.GetElapsedTime(begun) < limit),
                MaxRetryAttempts = int.MaxValue,
                Delay = Pause,
            })
            .Build();
        return await retry.ExecuteAsync(static async (call, _) => await call().ConfigureAwait(false), call, CancellationToken.None).ConfigureAwait(false);
    }
}
