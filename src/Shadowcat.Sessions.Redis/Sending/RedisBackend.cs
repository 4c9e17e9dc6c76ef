using System.Diagnostics.Metrics;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Sends every command: connected, after the agreement on the layout, within its timeout, not while the circuit is open, and with its faults as exceptions of the contract.</summary>
internal sealed class RedisBackend : IAsyncDisposable, IDisposable
{
    private static readonly Func<RedisTargets, RedisTarget> Any = static targets => targets.Choose();

    private readonly RedisConnection _connection;
    private readonly AgreedTargets _agreed;
    private readonly RetryingSender _retrying;
    private readonly RedisSender _sender;
    private volatile object? _disposed;

    public RedisBackend(RedisConnection connection, RedisSessionStoreOptions options, ILogger logger, IMeterFactory? meterFactory)
    {
        Telemetry = new StoreTelemetry(connection.Address, meterFactory);
        Metrics = RedisMetrics.Of(meterFactory);
        Timeouts = new RedisTimeouts(options);
        Circuits = new RedisCircuits(options, AskAsync, logger, Metrics, TimeProvider.System, connection.Address);
        _connection = connection;
        _agreed = new AgreedTargets(connection, Circuits, options, ConfirmLayoutAsync, logger);
        _retrying = new RetryingSender(connection, _agreed, RedisRetry.Create(options, Timeouts.Shortest, () => Layout is not null, connection.IsWaitedFor, Metrics.Retried));
        _sender = new RedisSender(Timeouts.Shortest);
    }

    public RedisTimeouts Timeouts { get; }

    public RedisCircuits Circuits { get; }

    public StoreTelemetry Telemetry { get; }

    /// <summary>What is measured beside what every store measures.</summary>
    public RedisMetrics Metrics { get; }

    /// <summary>Where the servers are, as the application named them.</summary>
    public StoreAddress Address => _connection.Address;

    /// <summary>What a fault is in the terms of the contract.</summary>
    public SessionStoreException Translate(Exception exception, string operation, SessionId? id, TimeSpan timeout) =>
        RedisFaults.Translate(exception, operation, id, timeout, Address, _connection.ConnectTimeout);

    /// <summary>The layout, once the first command has found it. It never changes.</summary>
    public RedisLayout? Layout => _agreed.Layout;

    /// <summary>Refuses calls from now on. What was appended before is still sent.</summary>
    /// <param name="store">What is disposed of: exceptions name it.</param>
    public void Close(object store) => _disposed = store;

    /// <exception cref="ObjectDisposedException">The store has been disposed of.</exception>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed is not null, _disposed!);

    /// <summary>Begins a call. Whatever it sends has to end within the timeout of its operation.</summary>
    public RedisCall NewCall(string operation, SessionId? id = null)
    {
        var timeout = Timeouts.Of(operation);
        return new RedisCall(operation, id, timeout, _sender.NewDeadline(timeout));
    }

    /// <summary>Sends what a function sends for one session, as an operation that is measured.</summary>
    public ValueTask<T> RunAsync<T>(
        string operation, SessionId id, Func<RedisTarget, RedisPartition, Task<T>> command, CancellationToken cancellationToken) => Telemetry.IsEnabled
        ? Telemetry.Begin(operation).EndAsync(RunAsync(NewCall(operation, id), command, cancellationToken))
        : RunAsync(NewCall(operation, id), command, cancellationToken);

    /// <summary>Sends what a function sends for the session of a call. Where a call is passed, here and below, the sending is part of an operation that is measured where the call began.</summary>
    public ValueTask<T> RunAsync<T>(RedisCall call, Func<RedisTarget, RedisPartition, Task<T>> command, CancellationToken cancellationToken)
    {
        var id = call.Id.GetValueOrDefault();
        return RunAsync(call, Circuits.Of(id), new FunctionCommand<T>(target => command(target, target.Layout.PartitionOf(id))), cancellationToken);
    }

    /// <summary>Sends a command that is about one session, as an operation that is measured. The task is to be awaited once.</summary>
    public ValueTask<T> RunAsync<T>(string operation, SessionId id, RedisCommand<T> command, CancellationToken cancellationToken) => Telemetry.IsEnabled
        ? Telemetry.Begin(operation).EndAsync(RunAsync(NewCall(operation, id), command, cancellationToken))
        : RunAsync(NewCall(operation, id), command, cancellationToken);

    /// <summary>Sends a command that is about the session of a call. The task is to be awaited once.</summary>
    public ValueTask<T> RunAsync<T>(RedisCall call, RedisCommand<T> command, CancellationToken cancellationToken) =>
        RunAsync(call, Circuits.Of(call.Id.GetValueOrDefault()), command, cancellationToken);

    /// <summary>Sends what a function sends to one partition.</summary>
    public ValueTask<T> RunAsync<T>(RedisCall call, RedisPartition partition, Func<IDatabase, Task<T>> command, CancellationToken cancellationToken) =>
        RunAsync(call, Circuits.Of(partition), new FunctionCommand<T>(target => command(target.Database)), cancellationToken);

    /// <summary>Sends what a function sends for some sessions.</summary>
    public ValueTask<T> RunAsync<T>(
        RedisCall call, IReadOnlyList<SessionId> ids, Func<IDatabase, RedisLayout, Task<T>> command, CancellationToken cancellationToken) =>
        RunAsync(
            call,
            Circuits.TryFindOpen(ids, out var open) ? open : Circuits.OfAll(),
            new FunctionCommand<T>(target => command(target.Database, target.Layout)),
            cancellationToken);

    /// <summary>Sends what a function sends to any partitions.</summary>
    public ValueTask<T> RunAsync<T>(RedisCall call, Func<IDatabase, RedisLayout, Task<T>> command, CancellationToken cancellationToken) =>
        RunAsync(call, Circuits.TryFindOpen(out var open) ? open : Circuits.OfAll(), new FunctionCommand<T>(target => command(target.Database, target.Layout)), cancellationToken);

    /// <summary>Connects and agrees on the layout. Throws where either fails.</summary>
    public ValueTask<RedisLayout> GetLayoutAsync(RedisCall call, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        if (_agreed.Current is { Found.WritesRefused: null } targets)
        {
            return new ValueTask<RedisLayout>(targets.Layout);
        }

        return RunAsync(call, static (IDatabase _, RedisLayout layout) => Task.FromResult(layout), cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _agreed.Dispose();
        Circuits.Dispose();
        _sender.Dispose();
        return _connection.DisposeAsync();
    }

    public void Dispose()
    {
        _agreed.Dispose();
        Circuits.Dispose();
        _sender.Dispose();
        _connection.Dispose();
    }

    /// <summary>Sends by the first connection what a function sends, with retries. Faults are not translated, and the circuit is not checked.</summary>
    public ValueTask<T> SendAsync<T>(Func<IDatabase, RedisLayout, Task<T>> command, CancellationToken cancellationToken) =>
        _retrying.SendAsync(target => command(target.Database, target.Layout), static targets => targets.First, failed: null, Timeouts.Other, cancellationToken);

    /// <summary>Sends by the connection that the appends of a partition go by what a function sends, with retries. Faults are not translated, and the circuit is not checked.</summary>
    public ValueTask<T> SendAsync<T>(RedisPartition partition, Func<IDatabase, Task<T>> command, CancellationToken cancellationToken) =>
        _retrying.SendAsync(target => command(target.Database), targets => _agreed.Writable(targets).Of(partition), failed: null, Timeouts.Write, cancellationToken);

    /// <summary>The connection that the appends of a partition go by, for callers that handle timeouts and faults themselves. The layout has to be known.</summary>
    public async ValueTask<RedisTarget> GetTargetAsync(RedisPartition partition)
    {
        // Asked each time: it knows whether the connection was closed, or the layout is another one by now.
        return _agreed.Writable(await _agreed.GetAsync().ConfigureAwait(false)).Of(partition);
    }

    /// <summary>The first connection, for questions to a server that do not depend on the layout.</summary>
    public async ValueTask<IConnectionMultiplexer> GetConnectionAsync() => (await _connection.GetAsync().ConfigureAwait(false))[0];

    /// <summary>Sends a command within the time that its call has left, with retries. The task is to be awaited once.</summary>
    /// <param name="call">The call.</param>
    /// <param name="circuit">The circuit of the server that it goes to, or an open circuit of a server that it needs; null where several servers answer.</param>
    /// <param name="command">What is sent.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T> RunAsync<T>(RedisCall call, RedisCircuit? circuit, RedisCommand<T> command, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        cancellationToken.ThrowIfCancellationRequested();
        if (circuit is { IsOpen: true })
        {
            throw circuit.Refuse(call.Operation, call.Id);
        }

        try
        {
            T result;
            if (_agreed.Current is { } targets)
            {
                _agreed.ThrowIfRefused(targets, call.Operation);
                try
                {
                    var target = targets.Choose();
                    do
                    {
                        await _sender.SendAsync(command, target, call.Deadline, cancellationToken).ConfigureAwait(false);
                    }
                    while (!await command.TryReadAsync().ConfigureAwait(false));

                    result = command.Result;
                }
                catch (RedisException exception) when (RedisFaults.IsTransient(exception) || _connection.CanRenew(exception))
                {
                    result = await _retrying.SendAsync(command.RunAsync, Any, exception, _sender.Left(call.Deadline), cancellationToken).ConfigureAwait(false);
                }
            }
            else
            {
                result = await _retrying.SendAsync(
                    command.RunAsync,
                    targets =>
                    {
                        _agreed.ThrowIfRefused(targets, call.Operation);
                        return targets.Choose();
                    },
                    failed: null,
                    _sender.Left(call.Deadline),
                    cancellationToken).ConfigureAwait(false);
            }

            circuit?.Answered();
            return result;
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            circuit?.Failed(exception);
            throw RedisFaults.Translate(exception, call.Operation, call.Id, call.Timeout, AddressFor(call), _connection.ConnectTimeout);
        }
        catch (SessionStoreException exception)
        {
            // It was read from an answer.
            circuit?.Answered();
            if (exception is SessionStoreConfigurationException { Operation: Operations.Connect } && AddressFor(call)?.EndPoint is { } place)
            {
                throw new SessionStoreConfigurationException(
                    Operations.Connect, null, $"{place}: {exception.Message[(Operations.Connect.Length + ": ".Length)..]}", exception.InnerException ?? exception);
            }

            throw;
        }
    }

    /// <summary>Checks that the layout record is still the same, and writes it again where it is missing. A store whose layout has changed stops: every call fails until the record is the same again.</summary>
    public async ValueTask<bool> ConfirmLayoutAsync(RedisCall call, CancellationToken cancellationToken) =>
        await RunAsync(call, _agreed.ConfirmAsync, cancellationToken).ConfigureAwait(false);

    private async Task ConfirmLayoutAsync() => await ConfirmLayoutAsync(NewCall(Operations.Connect), CancellationToken.None).ConfigureAwait(false);

    /// <inheritdoc cref="AgreedTargets.TakeRefusal()"/>
    public SessionStoreConfigurationException? TakeRefusal() => _agreed.TakeRefusal();

    /// <summary>The server that errors of a call name; null for health checks, whose findings name no host.</summary>
    private StoreAddress? AddressFor(RedisCall call) => call.Operation == Operations.CheckHealth ? null : Address;

    /// <summary>Asks the server of a partition, or the only server, for its end point: a probe.</summary>
    private async Task<EndPoint?> AskAsync(RedisPartition? partition)
    {
        try
        {
            var target = (await _agreed.GetAsync().ConfigureAwait(false)).Choose();
            return await target.Database.IdentifyEndpointAsync((partition ?? target.Layout.Partitions[0]).Active).ConfigureAwait(false);
        }
        catch (RedisException exception)
        {
            await _connection.HandleFailureAsync(exception).ConfigureAwait(false);
            throw;
        }
    }
}
