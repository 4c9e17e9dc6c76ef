using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The connections that commands go by, from the agreement with the servers on, as long as it holds.</summary>
/// <param name="connection">Connects.</param>
/// <param name="circuits">The circuits of the servers that were agreed with.</param>
/// <param name="options">The options of the store.</param>
/// <param name="confirm">Checks from time to time that the layout is still the same, as an operation of its own, by <see cref="ConfirmAsync"/>.</param>
/// <param name="logger">Where it logs.</param>
internal sealed class AgreedTargets(RedisConnection connection, RedisCircuits circuits, RedisSessionStoreOptions options, Func<Task> confirm, ILogger logger) : IDisposable
{
    private readonly ServerAgreement _agreement = new(options, logger);
    private readonly LayoutWatch _watch = new(confirm);
    private readonly Lock _lock = new();
    private Task<RedisTargets>? _agreeing;
    private RedisLayout? _layout;
    private RedisTargets? _targets;

    /// <summary>The layout, once it was agreed on. It never is another one.</summary>
    public RedisLayout? Layout => Volatile.Read(ref _layout);

    /// <summary>The connections; null while there is no agreement.</summary>
    public RedisTargets? Current => Volatile.Read(ref _targets);

    /// <summary>Connects and agrees, unless that is done already.</summary>
    public async ValueTask<RedisTargets> GetAsync()
    {
        // Asked each time: it knows whether it was closed.
        var connections = await connection.GetAsync().ConfigureAwait(false);
        if (Current is { } known)
        {
            return known;
        }

        // Calls that get here at the same time share one agreement.
        Task<RedisTargets> agreeing;
        lock (_lock)
        {
            agreeing = _agreeing is { IsCompleted: false } running ? running : _agreeing = AgreeAsync(connections);
        }

        return await agreeing.ConfigureAwait(false);
    }

    /// <summary>Checks that the layout record is still the same, and writes it again where it is missing. A store whose layout has changed stops: every call fails until the record is the same again.</summary>
    public async Task<bool> ConfirmAsync(IDatabase database, RedisLayout layout)
    {
        try
        {
            return await _agreement.ConfirmAsync(database.Multiplexer, layout).ConfigureAwait(false);
        }
        catch (SessionStoreConfigurationException)
        {
            if (Interlocked.Exchange(ref _targets, null) is { } targets)
            {
                targets.Dispose();
                RedisLog.LayoutChanged(logger);
            }

            throw;
        }
    }

    /// <summary>A script must not be carried out half, so an account that may only read is refused before anything is sent. Connecting is refused too, so that a host reports it when it starts.</summary>
    public void ThrowIfRefused(RedisTargets targets, string operation)
    {
        if (targets.Found.WritesRefused is not null && (operation == Operations.Connect || !Operations.IsRead(operation)))
        {
            _ = Writable(targets);
        }
    }

    /// <summary>The connections, where the account may write.</summary>
    /// <exception cref="SessionStoreConfigurationException">It may only read.</exception>
    public RedisTargets Writable(RedisTargets targets) => TakeRefusal(targets) is { } refused
        ? throw new SessionStoreConfigurationException(Operations.Connect, null, HealthFacts.Describe(refused, default), refused)
        : targets;

    /// <summary>Why the account may only read; null where it may write, or that is not known yet. The next call checks again: the account may have been given its rights.</summary>
    public SessionStoreConfigurationException? TakeRefusal() => Current is { } targets ? TakeRefusal(targets) : null;

    public void Dispose()
    {
        _watch.Dispose();
        _targets?.Dispose();
    }

    /// <summary>Comes to an agreement on the layout, and finds out whether the servers do what the store needs.</summary>
    private async Task<RedisTargets> AgreeAsync(IReadOnlyList<IConnectionMultiplexer> connections)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // not under the lock
        if (Current is { } known)
        {
            return known;
        }

        var targets = await _agreement.ReachAsync(connections).ConfigureAwait(false);
        targets.Watch();
        Volatile.Write(ref _layout, targets.Layout);
        Volatile.Write(ref _targets, targets);
        circuits.Follow(connections, targets.Layout);
        _watch.Start();
        return targets;
    }

    private SessionStoreConfigurationException? TakeRefusal(RedisTargets targets)
    {
        if (targets.Found.WritesRefused is not null && Interlocked.CompareExchange(ref _targets, null, targets) == targets)
        {
            targets.Dispose();
        }

        return targets.Found.WritesRefused;
    }
}
