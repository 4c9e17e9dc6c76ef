using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>What a server does when its memory is full: refuse to write, or evict keys, sessions and frames among them. Every key of the store has a time to live.</summary>
/// <remarks>INFO reports it, which accounts without CONFIG may use. A script asks, because the client library sends INFO only on connections that allow administration.</remarks>
/// <seealso href="https://redis.io/docs/latest/develop/reference/eviction/"/>
internal static class MemoryPolicy
{
    private const string Refusing = "noeviction";

    /// <summary>Whether a policy loses what was acknowledged.</summary>
    public static bool Evicts(string? policy) => policy is { Length: > 0 } and not Refusing;

    /// <summary>Logs that the server of a partition evicts, or does not report its policy.</summary>
    /// <param name="database">The way to the server.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="policy">What the server reports; empty where it does not.</param>
    /// <param name="logger">Where it is logged.</param>
    public static async Task ReportAsync(IDatabase database, RedisPartition partition, string policy, ILogger logger)
    {
        if (policy == Refusing)
        {
            return;
        }

        var server = await database.IdentifyEndpointAsync(partition.Probe).ConfigureAwait(false) is { } place ? EndPointCollection.ToString(place) : "";
        if (policy.Length == 0)
        {
            RedisLog.MemoryPolicyUnknown(logger, server);
        }
        else
        {
            RedisLog.MemoryPolicyEvicts(logger, server, policy);
        }
    }
}
