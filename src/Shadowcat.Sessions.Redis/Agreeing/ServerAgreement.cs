using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Agrees with the servers before the first command: on the layout, and that they run for the account what the store needs.</summary>
internal sealed class ServerAgreement(RedisSessionStoreOptions options, ILogger logger)
{
    private readonly LayoutAgreement _layout = new(options);

    /// <summary>Agrees.</summary>
    /// <exception cref="SessionStoreConfigurationException">The store cannot work with the servers, not even to read.</exception>
    public async Task<RedisTargets> ReachAsync(IReadOnlyList<IConnectionMultiplexer> connections)
    {
        RedisLayout layout;
        try
        {
            layout = await _layout.ReachAsync(connections[0]).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (RedisError.Parse(exception.Message).IsCommandMissing)
        {
            // It may be one of several missing commands: the check names all of them.
            var found = await CommandCheck.RunAsync(connections[0], new RedisLayout(options.KeyPrefix, [0], options.PublishChanges), logger).ConfigureAwait(false);
            if (found.WritesRefused is { } refused)
            {
                throw refused;
            }

            throw;
        }

        return new RedisTargets(connections, layout, await CommandCheck.RunAsync(connections[0], layout, logger).ConfigureAwait(false));
    }

    /// <summary>Checks that the layout record is still the same, and writes it again where it is missing.</summary>
    /// <returns>Whether it was missing.</returns>
    /// <exception cref="SessionStoreConfigurationException">It has changed.</exception>
    public async Task<bool> ConfirmAsync(IConnectionMultiplexer connection, RedisLayout layout)
    {
        var wasMissing = await _layout.ConfirmAsync(connection, layout).ConfigureAwait(false);
        if (wasMissing)
        {
            RedisLog.LayoutWrittenAgain(logger);
        }

        return wasMissing;
    }
}
