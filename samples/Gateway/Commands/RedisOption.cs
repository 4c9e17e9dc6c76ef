using System.CommandLine;

namespace Gateway.Commands;

/// <summary><c>--redis</c>: where the sessions are.</summary>
internal static class RedisOption
{
    public static Option<string?> Create() => new("--redis")
    {
        Description = "The Redis server that all replicas share, as StackExchange.Redis names it; else one is started inside this process.",
    };
}
