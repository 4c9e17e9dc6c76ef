using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>What a server does when its memory is full: refuse to write, or evict keys, sessions and frames among them. Every key of the store has a time to live.</summary>
/// <remarks>INFO says it, which accounts have that do not have CONFIG. It is asked by a script: the client library sends it only for who may administrate.</remarks>
/// <seealso href="https://redis.io/docs/latest/develop/reference/eviction/"/>
internal static class MemoryPolicy
{
    private const string Refusing = "noeviction";
    private const string Line = "maxmemory_policy:";

    private static readonly RedisScript Script = new("ask-server");

    /// <summary>Whether a policy loses what was acknowledged.</summary>
    public static bool Evicts(string? policy) => policy is { Length: > 0 } and not Refusing;

    /// <summary>Asks the server of a partition.</summary>
    /// <returns>The policy; null where the server does not say.</returns>
    public static async Task<string?> ReadAsync(IDatabase database, RedisPartition partition)
    {
        var memory = (string?)await Script.EvaluateAsync(database, [partition.Probe], ["INFO", "memory"]).ConfigureAwait(false) ?? "";
        return memory.IndexOf(Line, StringComparison.Ordinal) is var at and >= 0 ? memory[(at + Line.Length)..].Split('\r', '\n')[0].Trim() : null;
    }

    /// <summary>Logs of each server that has a partition that it evicts, or that nobody knows.</summary>
    public static Task ReportAsync(IConnectionMultiplexer connection, RedisLayout layout, ILogger logger) =>
        Task.WhenAll(PrimaryPartitions.OneOfEach(layout, connection).Select(partition => ReportAsync(connection.GetDatabase(), partition, logger)));

    private static async Task ReportAsync(IDatabase database, RedisPartition partition, ILogger logger)
    {
        try
        {
            var policy = await ReadAsync(database, partition).ConfigureAwait(false);
            if (policy is null || Evicts(policy))
            {
                var server = await database.IdentifyEndpointAsync(partition.Probe).ConfigureAwait(false) is { } place ? EndPointCollection.ToString(place) : "";
                if (policy is null)
                {
                    Log.MemoryPolicyUnknown(logger, server);
                }
                else
                {
                    Log.MemoryPolicyEvicts(logger, server, policy);
                }
            }
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            // What is wrong with the server, the check of its commands says, or whoever needs it finds out.
        }
    }
}
