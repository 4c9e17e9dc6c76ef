namespace Shadowcat.Sessions.Redis;

/// <summary>The result of a question to a server.</summary>
/// <param name="Answer">The answer; default where there is none.</param>
/// <param name="Problem">Why there is no answer; null where there is one.</param>
/// <param name="IsOutage">Whether the problem may end by itself.</param>
/// <param name="Latency">How long it took.</param>
internal readonly record struct HealthProbe<T>(T? Answer, string? Problem, bool IsOutage, TimeSpan Latency)
{
    /// <summary>Asks, and turns what goes wrong into a problem. Only the caller's own cancellation is thrown.</summary>
    /// <param name="ask">What is asked.</param>
    /// <param name="limit">When to stop waiting.</param>
    /// <param name="cancellationToken">The caller's own.</param>
    public static async Task<HealthProbe<T>> RunAsync(Func<CancellationToken, ValueTask<T>> ask, HealthLimit limit, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            var answer = await ask(limit.Token).ConfigureAwait(false);
            return new HealthProbe<T>(answer, null, IsOutage: false, TimeProvider.System.GetElapsedTime(begun));
        }
        catch (Exception exception) when (exception is SessionStoreException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new HealthProbe<T>(
                default,
                HealthFacts.Describe(exception, limit.Timeout),
                exception is OperationCanceledException or SessionStoreException { IsTransient: true },
                TimeProvider.System.GetElapsedTime(begun));
        }
    }
}
