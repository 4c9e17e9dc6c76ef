using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Finds the primary anew where connections lead to a server that is none: by looking at the servers that are known again, and where that does not help by making the connections anew.</summary>
/// <param name="tunnel">By which connections can be made anew; null where they are not the store's own.</param>
/// <param name="patience">How long to wait for the servers to say what they are.</param>
/// <remarks>Several may have been told READONLY at once, and some of it by a connection that was given up meanwhile: it is done once in a while at most.</remarks>
internal sealed class ConnectionRenewal(RenewableTunnel? tunnel, TimeSpan patience)
{
    /// <summary>How often at most: a new connection needs some time, and a server that stays a replica still reads for those who only want to read.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;
    private long _begun;

    /// <summary>Renews what leads to no primary.</summary>
    /// <param name="connections">The connections.</param>
    /// <param name="exception">What a call failed with.</param>
    /// <returns>Completes when it is done, or it is not the time for it.</returns>
    public Task RenewAsync(IReadOnlyList<IConnectionMultiplexer> connections, Exception exception)
    {
        // A connection that is not there at all is being made already. One that is there, to a replica only, would stay.
        if (!RedisFaults.IsNotPrimary(exception) || (exception is not RedisServerException && !connections.Any(LeadsToReplicasOnly)))
        {
            return Task.CompletedTask;
        }

        lock (_lock)
        {
            if (_running.IsCompleted && (_begun == 0 || TimeProvider.System.GetElapsedTime(_begun) >= Pause))
            {
                _begun = TimeProvider.System.GetTimestamp();
                _running = RunAsync(connections);
            }

            return _running;
        }
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
            tunnel.BreakAll();
        }
    }

    private async Task ReconfigureAsync(IConnectionMultiplexer connection)
    {
        try
        {
            await connection.ConfigureAsync().WaitAsync(patience, TimeProvider.System).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            // What is wrong with the connection the calls find out themselves.
        }
    }
}
