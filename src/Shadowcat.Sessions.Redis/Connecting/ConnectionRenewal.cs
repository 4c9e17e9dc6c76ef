using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Finds the primary again where connections lead to a server that is not the primary: by asking the known servers again, and where that does not help by making the connections anew.</summary>
/// <param name="tunnel">Closes the connections, so that they are made anew; null where they belong to the application.</param>
/// <param name="timeout">How long to wait for the servers to say what they are.</param>
/// <remarks>Many calls may be answered READONLY at once, some by a connection that is closed already, so renewals are limited in rate.</remarks>
internal sealed class ConnectionRenewal(RenewableTunnel? tunnel, TimeSpan timeout)
{
    /// <summary>The shortest interval between two renewals: a new connection needs some time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    private readonly SharedRun _renewal = new(Pause);

    /// <summary>Renews connections that lead to no primary.</summary>
    /// <param name="connections">The connections.</param>
    /// <param name="exception">What a call failed with.</param>
    /// <returns>Completes when it is done, or at once where none is due.</returns>
    public Task RenewAsync(IReadOnlyList<IConnectionMultiplexer> connections, Exception exception)
    {
        // A connection that is missing is being made already. A connection to replicas only would stay.
        if (!RedisFaults.IsNotPrimary(exception) || (exception is not RedisServerException && !connections.Any(LeadsToReplicasOnly)))
        {
            return Task.CompletedTask;
        }

        return _renewal.RunAsync(() => RunAsync(connections));
    }

    private static bool LeadsToReplicasOnly(IConnectionMultiplexer connection)
    {
        var connected = Array.FindAll(connection.GetServers(), static server => server.IsConnected);
        return connected.Length > 0 && Array.TrueForAll(connected, static server => server.IsReplica);
    }

    private async Task RunAsync(IReadOnlyList<IConnectionMultiplexer> connections)
    {
        var isOneAddress = connections[0].GetEndPoints(configuredOnly: true).Length == 1;
        if (tunnel is null || !isOneAddress)
        {
            await Task.WhenAll(connections.Select(ReconfigureAsync)).ConfigureAwait(false);
        }

        if (tunnel is not null && (isOneAddress || connections.Any(LeadsToReplicasOnly)))
        {
            tunnel.CloseAll();
        }
    }

    private async Task ReconfigureAsync(IConnectionMultiplexer connection)
    {
        try
        {
            await connection.ConfigureAsync().WaitAsync(timeout, TimeProvider.System).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            // Calls find out themselves what is wrong with the connection.
        }
    }
}
