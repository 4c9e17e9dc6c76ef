using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>What a server does when its memory is full: refuse to write, or evict keys, sessions and frames among them. Every key of the store has a time to live.</summary>
/// <seealso href="https://redis.io/docs/latest/develop/reference/eviction/"/>
internal static class MemoryPolicy
{
    private const string Refusing = "noeviction";
    private const string InMemorySection = "maxmemory_policy:";

    /// <summary>Whether a policy loses what was acknowledged.</summary>
    public static bool Evicts(string? policy) => policy is { Length: > 0 } and not Refusing;

    /// <summary>Asks a server: for a part of INFO, which accounts have where they do not have CONFIG; for the setting itself, where it has no such line.</summary>
    /// <returns>The policy; null where the server does not say.</returns>
    public static async Task<string?> ReadAsync(IServer server)
    {
        try
        {
            var memory = await server.InfoRawAsync("memory").ConfigureAwait(false) ?? "";
            if (memory.IndexOf(InMemorySection, StringComparison.Ordinal) is var at and >= 0)
            {
                return memory[(at + InMemorySection.Length)..].Split('\r', '\n')[0].Trim();
            }
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            // Not for this account: the setting may be.
        }

        try
        {
            var setting = await server.ExecuteAsync("CONFIG", "GET", "maxmemory-policy").ConfigureAwait(false);
            return setting.Length > 1 ? (string?)setting[1] : null;
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            return null;
        }
    }

    /// <summary>Logs of each server that writes that it evicts, or that nobody knows.</summary>
    public static Task ReportAsync(IConnectionMultiplexer connection, ILogger logger) => Task.WhenAll(connection.GetServers()
        .Where(static server => server is { IsConnected: true, IsReplica: false, ServerType: not ServerType.Sentinel })
        .Select(server => ReportAsync(server, logger)));

    private static async Task ReportAsync(IServer server, ILogger logger)
    {
        string? policy = null;
        try
        {
            policy = await ReadAsync(server).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            // It went just now: whoever needs it finds out.
        }

        var place = EndPointCollection.ToString(server.EndPoint);
        if (policy is null)
        {
            Log.MemoryPolicyUnknown(logger, place);
        }
        else if (Evicts(policy))
        {
            Log.MemoryPolicyEvicts(logger, place, policy);
        }
    }

    private static bool IsRefusal(Exception exception) => exception is RedisServerException or RedisCommandException;
}
