using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Finds out by <c>probe-partition.lua</c> whether a partition takes writes.</summary>
internal static class ProbePartition
{
    private static readonly RedisScript Script = new("probe-partition");

    public static Task<RedisResult> RunAsync(IDatabase database, RedisPartition partition) =>
        Script.EvaluateAsync(database, [partition.Probe], [1]);
}
