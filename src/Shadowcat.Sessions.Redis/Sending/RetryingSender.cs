using System.Runtime.ExceptionServices;
using Polly;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Sends again what failed in a way that another try may help, within a timeout.</summary>
/// <param name="connection">Handles failures: it looks for the primary and renews credentials.</param>
/// <param name="agreed">The connections.</param>
/// <param name="retry">When another try is made, and after what pause.</param>
internal sealed class RetryingSender(RedisConnection connection, AgreedTargets agreed, ResiliencePipeline retry)
{
    private RedisConnection Connection => connection;

    /// <summary>Sends within a timeout, with retries.</summary>
    /// <param name="command">Sends once.</param>
    /// <param name="choose">Chooses the connection of a try.</param>
    /// <param name="failed">The failure of a first try that was made already, which is handled first; null where there was none.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="RedisException">The last try failed. Where an earlier one may have been carried out, its failure is thrown.</exception>
    /// <exception cref="TimeoutException">The time is up, and a try may have been carried out.</exception>
    public async ValueTask<T> SendAsync<T>(
        Func<RedisTarget, Task<T>> command,
        Func<RedisTargets, RedisTarget> choose,
        RedisException? failed,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        // Not disposed of: it has no timer, and a try under way may still look at it.
        var tries = new RedisTries(failed);
        var sending = StartAsync(command, choose, tries);
        try
        {
            return await sending.WaitAsync(timeout, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisException exception) when (tries.OfUnknownOutcome is { } earlier && RedisFaults.IsTransient(exception))
        {
            // The last try was not carried out, but an earlier one may have been.
            ExceptionDispatchInfo.Throw(earlier);
            throw;
        }
        catch (TimeoutException) when (tries.NothingDone is { } refused && RedisFaults.IsTransient(refused))
        {
            // The time ended in a pause between tries: the reason is known, and that nothing was done.
            ExceptionDispatchInfo.Throw(refused);
            throw;
        }
        finally
        {
            if (!sending.IsCompleted)
            {
                // The time is up and nobody waits any more: no further try is made.
                await tries.CancelAsync().ConfigureAwait(false);
                AbandonedReply.Observe(sending);
            }
        }
    }

    private async Task<T> StartAsync<T>(Func<RedisTarget, Task<T>> command, Func<RedisTargets, RedisTarget> choose, RedisTries tries) =>
        await retry.ExecuteAsync(
            static async (call, _) =>
            {
                try
                {
                    if (call.Tries.TryTakeFailed(out var failed))
                    {
                        ExceptionDispatchInfo.Throw(failed);
                    }

                    call.Tries.Begin();
                    return await call.Sender.TryAsync(call.Command, call.Choose).ConfigureAwait(false);
                }
                catch (RedisException exception) when (RedisFaults.IsTransient(exception) || call.Sender.Connection.CanRenew(exception))
                {
                    call.Tries.Note(exception);
                    var explained = await call.Sender.Connection.HandleFailureAsync(exception).ConfigureAwait(false);
                    call.Tries.Explain(explained);
                    ExceptionDispatchInfo.Throw(explained);
                    throw;
                }
            },
            (Sender: this, Command: command, Choose: choose, Tries: tries),
            tries.Token).ConfigureAwait(false);

    private async Task<T> TryAsync<T>(Func<RedisTarget, Task<T>> command, Func<RedisTargets, RedisTarget> choose)
    {
        var target = choose(await agreed.GetAsync().ConfigureAwait(false));
        target.Begin();
        try
        {
            return await command(target).ConfigureAwait(false);
        }
        finally
        {
            target.End();
        }
    }
}
