using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>A bound for the servers' clocks: at a timestamp of this process, none of them was later than a time.</summary>
/// <param name="Timestamp">The timestamp.</param>
/// <param name="Latest">That time.</param>
internal sealed record ServerClock(long Timestamp, DateTimeOffset Latest)
{
    /// <summary>How far clocks may be apart at once; and below, how far they may drift apart in a second.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(5);

    private const double Drift = 0.001;

    /// <summary>Asks every server that writes.</summary>
    /// <seealso href="https://redis.io/docs/latest/commands/time/"/>
    public static async Task<ServerClock> ReadAsync(IConnectionMultiplexer connection)
    {
        // The server reads its clock after the question was sent, so no earlier than this.
        var timestamp = TimeProvider.System.GetTimestamp();
        var servers = connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false, ServerType: not ServerType.Sentinel }).ToList();
        if (servers.Count == 0)
        {
            throw new SessionStoreUnavailableException(Operations.Connect, null, "no server is connected.", outcomeUnknown: false);
        }

        var times = await Task.WhenAll(servers.Select(server => server.TimeAsync())).ConfigureAwait(false);
        return new ServerClock(timestamp, new DateTimeOffset(times.Max()));
    }

    /// <summary>The timestamp at which the first of the clocks may reach a moment.</summary>
    public long EarliestTimestampOf(DateTimeOffset moment)
    {
        var left = moment - Latest;
        return TimeProvider.System.Add(Timestamp, left - Margin - (left.Duration() * Drift));
    }
}
