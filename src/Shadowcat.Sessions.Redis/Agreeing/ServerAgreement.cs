using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Comes to an agreement with the servers before the first command: on the layout, and on whether they do for the account what the store needs.</summary>
internal sealed class ServerAgreement(RedisSessionStoreOptions options, ILogger logger)
{
    private readonly LayoutAgreement _layout = new(options);

    /// <summary>Agrees.</summary>
    /// <exception cref="SessionStoreConfigurationException">There is no agreement, not even for who only reads.</exception>
    public async Task<RedisTargets> ReachAsync(IReadOnlyList<IConnectionMultiplexer> connections)
    {
        RedisLayout layout;
        try
        {
            layout = await _layout.ReachAsync(connections[0]).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (RedisError.Parse(exception.Message).IsCommandMissing)
        {
            // It may be one of several: all of them are named.
            var found = await CommandCheck.RunAsync(connections[0], new RedisLayout(options.KeyPrefix, [0], options.PublishChanges), logger).ConfigureAwait(false);
            if (found.WritesRefused is { } refused)
            {
                throw refused;
            }

            throw;
        }

        return new RedisTargets(connections, layout, await CommandCheck.RunAsync(connections[0], layout, logger).ConfigureAwait(false));
    }

    /// <summary>Sees to it that the layout record is still there and the same.</summary>
    /// <returns>Whether it was gone.</returns>
    /// <exception cref="SessionStoreConfigurationException">It is another one.</exception>
    public async Task<bool> ConfirmAsync(IConnectionMultiplexer connection, RedisLayout layout)
    {
        var wasGone = await _layout.ConfirmAsync(connection, layout).ConfigureAwait(false);
        if (wasGone)
        {
            RedisLog.LayoutWrittenAnew(logger);
        }

        return wasGone;
    }
}
