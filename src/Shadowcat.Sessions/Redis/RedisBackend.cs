using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Polly;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>The way every command takes: connected, agreed on the layout, within the operation timeout, with its faults in the terms of the contract.</summary>
internal sealed class RedisBackend : IAsyncDisposable, IDisposable
{
    private readonly RedisConnection _connection;
    private readonly LayoutAgreement _agreement;
    private readonly ResiliencePipeline _retry;
    private readonly RedisSender _sender;
    private RedisTarget? _target;

    public RedisBackend(RedisConnection connection, RedisSessionStoreOptions options)
    {
        _connection = connection;
        _agreement = new LayoutAgreement(options);
        _retry = RedisRetry.Create(options.OperationTimeout, () => Layout is not null);
        _sender = new RedisSender(options.OperationTimeout);
        OperationTimeout = options.OperationTimeout;
    }

    public TimeSpan OperationTimeout { get; }

    /// <summary>The layout, once the first command has found it.</summary>
    public RedisLayout? Layout => Volatile.Read(ref _target)?.Layout;

    /// <summary>Sends what a function sends for one session.</summary>
    public ValueTask<T> RunAsync<T>(
        string operation, SessionId id, Func<IDatabase, RedisPartition, Task<T>> command, CancellationToken cancellationToken) =>
        RunAsync(operation, id, new FunctionCommand<T>((database, layout) => command(database, layout.PartitionOf(id))), cancellationToken);

    /// <summary>Sends what a function sends that is not about one session.</summary>
    public ValueTask<T> RunAsync<T>(string operation, Func<IDatabase, RedisLayout, Task<T>> command, CancellationToken cancellationToken) =>
        RunAsync(operation, null, new FunctionCommand<T>(command), cancellationToken);

    /// <summary>Sends a command within the operation timeout, more than once where that may help. The task is to be awaited once.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> RunAsync<T>(string operation, SessionId? id, RedisCommand<T> command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var deadline = _sender.NewDeadline();
        try
        {
            if (Volatile.Read(ref _target) is { } target)
            {
                try
                {
                    do
                    {
                        await _sender.SendAsync(command, target, deadline, cancellationToken).ConfigureAwait(false);
                    }
                    while (!await command.TryReadAsync().ConfigureAwait(false));

                    return command.Result;
                }
                catch (RedisException exception) when (RedisFaults.IsTransient(exception))
                {
                    return await SendAsync(command.RunAsync, exception, _sender.Left(deadline), cancellationToken).ConfigureAwait(false);
                }
            }

            return await SendAsync(command.RunAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            throw RedisFaults.Translate(exception, operation, id, OperationTimeout);
        }
    }

    /// <summary>Connects and agrees on the layout; what is wrong with either is thrown.</summary>
    public ValueTask<RedisLayout> GetLayoutAsync(string operation, SessionId? id, CancellationToken cancellationToken) =>
        Layout is { } layout
            ? new ValueTask<RedisLayout>(layout)
            : RunAsync(operation, id, new FunctionCommand<RedisLayout>(static (_, layout) => Task.FromResult(layout)), cancellationToken);

    public ValueTask DisposeAsync()
    {
        _sender.Dispose();
        return _connection.DisposeAsync();
    }

    public void Dispose()
    {
        _sender.Dispose();
        _connection.Dispose();
    }

    /// <summary>Sends what a function sends within the operation timeout, more than once where that may help, and lets its faults pass as they are.</summary>
    public ValueTask<T> SendAsync<T>(Func<IDatabase, RedisLayout, Task<T>> command, CancellationToken cancellationToken) =>
        SendAsync(command, failed: null, OperationTimeout, cancellationToken);

    /// <summary>As the other; where a first try has failed already, only what follows on that is left to do.</summary>
    private async ValueTask<T> SendAsync<T>(
        Func<IDatabase, RedisLayout, Task<T>> command, RedisException? failed, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // Not disposed of: it has no timer, and a try under way may still look at it.
        var tries = new RedisTries(failed);
        var sending = StartAsync(command, tries);
        try
        {
            return await sending.WaitAsync(timeout, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisException exception) when (tries.OfUnknownOutcome is { } earlier && RedisFaults.IsTransient(exception))
        {
            // That the last try was not carried out says nothing about the one before.
            ExceptionDispatchInfo.Throw(earlier);
            throw;
        }
        catch (TimeoutException) when (tries.NothingDone is { } refused && RedisFaults.IsTransient(refused))
        {
            // The time ended in a pause between tries: it is known why, and that nothing was done.
            ExceptionDispatchInfo.Throw(refused);
            throw;
        }
        finally
        {
            if (!sending.IsCompleted)
            {
                // The time is up and nobody waits any more: no further try.
                await tries.CancelAsync().ConfigureAwait(false);
                _ = ForgetAsync(sending);
            }
        }
    }

    /// <summary>What still comes of a call that was given up must neither surface as unobserved nor keep a buffer.</summary>
    private static async Task ForgetAsync<T>(Task<T> sending)
    {
#pragma warning disable CA1031 // Whoever called was told that the time was up, and anything may still be thrown.
        try
        {
            (await sending.ConfigureAwait(false) as IDisposable)?.Dispose();
        }
        catch (Exception)
        {
            // The outcome was said to be unknown.
        }
#pragma warning restore CA1031
    }

    private async Task<T> StartAsync<T>(Func<IDatabase, RedisLayout, Task<T>> command, RedisTries tries) =>
        await _retry.ExecuteAsync(
            static async (call, _) =>
            {
                try
                {
                    if (call.Tries.TryTakeFailed(out var failed))
                    {
                        ExceptionDispatchInfo.Throw(failed);
                    }

                    call.Tries.Begin();
                    return await call.Backend.TryAsync(call.Command).ConfigureAwait(false);
                }
                catch (RedisException exception) when (RedisFaults.IsTransient(exception))
                {
                    call.Tries.Note(exception);
                    call.Backend._connection.Doubt();
                    throw;
                }
            },
            (Backend: this, Command: command, Tries: tries),
            tries.Token).ConfigureAwait(false);

    /// <summary>The database, for who already knows the layout and takes care of timeouts and faults itself.</summary>
    public async ValueTask<IDatabase> GetDatabaseAsync() => (await _connection.GetAsync().ConfigureAwait(false)).GetDatabase();

    private async Task<T> TryAsync<T>(Func<IDatabase, RedisLayout, Task<T>> command)
    {
        // Asked anew each time: it knows whether it was closed.
        var multiplexer = await _connection.GetAsync().ConfigureAwait(false);
        if (Volatile.Read(ref _target) is not { } target)
        {
            target = new RedisTarget(multiplexer.GetDatabase(), await _agreement.ReachAsync(multiplexer).ConfigureAwait(false));
            Volatile.Write(ref _target, target);
        }

        return await command(target.Database, target.Layout).ConfigureAwait(false);
    }
}
