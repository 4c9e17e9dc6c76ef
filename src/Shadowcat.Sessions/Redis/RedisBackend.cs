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
    private RedisLayout? _layout;

    public RedisBackend(RedisConnection connection, RedisSessionStoreOptions options)
    {
        _connection = connection;
        _agreement = new LayoutAgreement(options);
        _retry = RedisRetry.Create(options.OperationTimeout, () => Layout is not null);
        OperationTimeout = options.OperationTimeout;
    }

    public TimeSpan OperationTimeout { get; }

    /// <summary>The layout, once the first command has found it.</summary>
    public RedisLayout? Layout => Volatile.Read(ref _layout);

    /// <summary>Sends a command for one session.</summary>
    public ValueTask<T> RunAsync<T>(
        string operation, SessionId id, Func<IDatabase, RedisPartition, Task<T>> command, CancellationToken cancellationToken) =>
        RunAsync(operation, id, (database, layout) => command(database, layout.PartitionOf(id)), cancellationToken);

    /// <summary>Sends a command that is not about one session.</summary>
    public ValueTask<T> RunAsync<T>(string operation, Func<IDatabase, RedisLayout, Task<T>> command, CancellationToken cancellationToken) =>
        RunAsync(operation, null, command, cancellationToken);

    /// <summary>Connects and agrees on the layout; what is wrong with either is thrown.</summary>
    public ValueTask<RedisLayout> GetLayoutAsync(string operation, SessionId? id, CancellationToken cancellationToken) =>
        Layout is { } layout
            ? new ValueTask<RedisLayout>(layout)
            : RunAsync(operation, id, static (_, layout) => Task.FromResult(layout), cancellationToken);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    public void Dispose() => _connection.Dispose();

    /// <summary>Sends a command within the operation timeout, more than once where that may help, and lets its faults pass as they are.</summary>
    public async ValueTask<T> SendAsync<T>(Func<IDatabase, RedisLayout, Task<T>> command, CancellationToken cancellationToken)
    {
        // Not disposed of: it has no timer, and a try under way may still look at it.
        var tries = new RedisTries();
        var sending = StartAsync(command, tries);
        try
        {
            return await sending.WaitAsync(OperationTimeout, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisException exception) when (tries.OfUnknownOutcome is { } earlier && RedisFaults.IsTransient(exception))
        {
            // That the last try was not carried out says nothing about the one before.
            ExceptionDispatchInfo.Throw(earlier);
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

    private async ValueTask<T> RunAsync<T>(
        string operation, SessionId? id, Func<IDatabase, RedisLayout, Task<T>> command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await SendAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            throw RedisFaults.Translate(exception, operation, id, OperationTimeout);
        }
    }

    private async Task<T> StartAsync<T>(Func<IDatabase, RedisLayout, Task<T>> command, RedisTries tries) =>
        await _retry.ExecuteAsync(
            static async (call, _) =>
            {
                try
                {
                    return await call.Backend.TryAsync(call.Command).ConfigureAwait(false);
                }
                catch (RedisConnectionException exception)
                {
                    call.Tries.Note(exception);
                    throw;
                }
            },
            (Backend: this, Command: command, Tries: tries),
            tries.Token).ConfigureAwait(false);

    private async Task<T> TryAsync<T>(Func<IDatabase, RedisLayout, Task<T>> command)
    {
        var multiplexer = await _connection.GetAsync().ConfigureAwait(false);
        var layout = Layout;
        if (layout is null)
        {
            layout = await _agreement.ReachAsync(multiplexer).ConfigureAwait(false);
            Volatile.Write(ref _layout, layout);
        }

        return await command(multiplexer.GetDatabase(), layout).ConfigureAwait(false);
    }
}
