using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Refuses proxies that answer in place of a server: those of Envoy and Twitter have no notifications and do not report the version of the servers.</summary>
/// <seealso href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/other_protocols/redis"/>
internal static class RedisProxies
{
    /// <summary>Why a connection is refused; null where it is not.</summary>
    public static string? Refusal(IConnectionMultiplexer connection) => Refusal(ConfigurationOptions.Parse(connection.Configuration).Proxy);

    /// <summary>Why a configuration is refused; null where it is not.</summary>
    public static string? Refusal(Proxy proxy) => proxy == Proxy.None
        ? null
        : $"proxy={proxy.ToString().ToLowerInvariant()} is not supported: such a proxy has no PUBLISH and SUBSCRIBE, no INFO and no SCRIPT. Configure the servers themselves; a proxy that only forwards connections needs no such setting.";
}
