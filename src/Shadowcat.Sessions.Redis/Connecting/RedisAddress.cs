using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Names servers as the application named them, for errors and telemetry.</summary>
/// <seealso href="https://opentelemetry.io/docs/specs/semconv/db/redis/"/>
internal static class RedisAddress
{
    /// <summary>The tag <c>db.system.name</c>.</summary>
    public const string SystemName = "redis";

    private const int UsualPort = 6379;
    private const int UsualSecurePort = 6380;

    /// <summary>Stands for a host of an application's own connection that is no host name: it may contain a password.</summary>
    private const string NoHost = "unknown";

    public static StoreAddress Of(IConnectionMultiplexer connection) =>
        Of(connection.GetEndPoints(configuredOnly: true), connection.GetDatabase().Database);

    public static StoreAddress Of(ConfigurationOptions configuration) => Of([.. configuration.EndPoints], configuration.DefaultDatabase ?? 0);

    /// <summary>One server, as an error names it.</summary>
    public static string? EndPointOf(EndPoint server) => Of([server], database: 0).EndPoint;

    private static StoreAddress Of(EndPoint[] endPoints, int database)
    {
        var places = Array.ConvertAll(endPoints, Place);
        var ports = places.Select(place => place.Port).Distinct().ToList();
        var number = database.ToString(CultureInfo.InvariantCulture);
        return places.Length == 0 ? new StoreAddress(SystemName) { Database = number }
            : ports is [var port] ? new StoreAddress(SystemName) { Host = string.Join(',', places.Select(place => place.Host)), Port = port, Database = number }
            : new StoreAddress(SystemName) { Host = string.Join(',', places.Select(place => $"{place.Host}:{place.Port ?? UsualPort}")), Database = number };
    }

    private static (string Host, int? Port) Place(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => (RedisConfiguration.IsHost(dns.Host) ? dns.Host : NoHost, Unusual(dns.Port)),
        IPEndPoint ip => (ip.Address.ToString(), Unusual(ip.Port)),
        UnixDomainSocketEndPoint socket => (socket.ToString(), null),
        _ => (endPoint.AddressFamily.ToString(), null),
    };

    /// <summary>Where no port was said, it is 0 here: the client library fills it in when it connects.</summary>
    private static int? Unusual(int port) => port is UsualPort or UsualSecurePort or 0 ? null : port;
}
