using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Primitives;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Reads from ASP.NET Core which connection a request came over.</summary>
/// <remarks>This package does not reference ASP.NET Core, because servers over stdio run without it. So its types are looked up by name; the names are constants, so that trimming keeps them.</remarks>
internal sealed class HttpConnections
{
    private const string LoopbackAddress = "loopback";

    /// <summary>Some proxies use it unless they are configured otherwise, and clients do not any more.</summary>
    private const string ProtocolOfProxies = "HTTP/1.0";

    private static readonly PropertyInfo? Context = Type.GetType("Microsoft.AspNetCore.Http.IHttpContextAccessor, Microsoft.AspNetCore.Http.Abstractions")?.GetProperty("HttpContext");
    private static readonly PropertyInfo? Request = Type.GetType("Microsoft.AspNetCore.Http.HttpContext, Microsoft.AspNetCore.Http.Abstractions")?.GetProperty("Request");
    private static readonly PropertyInfo? Connection = Type.GetType("Microsoft.AspNetCore.Http.HttpContext, Microsoft.AspNetCore.Http.Abstractions")?.GetProperty("Connection");
    private static readonly PropertyInfo? Features = Type.GetType("Microsoft.AspNetCore.Http.HttpContext, Microsoft.AspNetCore.Http.Abstractions")?.GetProperty("Features");
    private static readonly PropertyInfo? Headers = Type.GetType("Microsoft.AspNetCore.Http.HttpRequest, Microsoft.AspNetCore.Http.Abstractions")?.GetProperty("Headers");
    private static readonly PropertyInfo? Protocol = Type.GetType("Microsoft.AspNetCore.Http.HttpRequest, Microsoft.AspNetCore.Http.Abstractions")?.GetProperty("Protocol");
    private static readonly PropertyInfo? Id = Type.GetType("Microsoft.AspNetCore.Http.ConnectionInfo, Microsoft.AspNetCore.Http.Abstractions")?.GetProperty("Id");
    private static readonly PropertyInfo? Address = Type.GetType("Microsoft.AspNetCore.Http.ConnectionInfo, Microsoft.AspNetCore.Http.Abstractions")?.GetProperty("RemoteIpAddress");
    private static readonly PropertyInfo? Feature = Type.GetType("Microsoft.AspNetCore.Http.Features.IFeatureCollection, Microsoft.Extensions.Features")?.GetProperty("Item");
    private static readonly PropertyInfo? Closed =
        Type.GetType("Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeFeature, Microsoft.AspNetCore.Connections.Abstractions")?.GetProperty("ConnectionClosed");

    /// <summary>Headers that a proxy adds, beside those that begin with <c>X-Forwarded-</c>, and with <c>X-Original-</c> where the application has read them already.</summary>
    private static readonly HashSet<string> ProxyHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Envoy-External-Address", "CF-Connecting-IP", "True-Client-IP", "Fastly-Client-IP", "Fly-Client-IP",
    };

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Makes the requests of ASP.NET Core readable, where the application runs on it.</summary>
    public static void AddTo(IServiceCollection services)
    {
        if (Context?.DeclaringType is { } accessor && Type.GetType("Microsoft.AspNetCore.Http.HttpContextAccessor, Microsoft.AspNetCore.Http") is { } implementation)
        {
            services.TryAdd(ServiceDescriptor.Singleton(accessor, implementation));
        }
    }

    /// <summary>The connection of the request that is being served; null where there is none, its address is not known, or the request came through a proxy.</summary>
    /// <param name="services">The services of the application or of the request.</param>
    public ClientConnection? Current(IServiceProvider services)
    {
        if (Context?.DeclaringType is not { } type
            || services.GetService(type) is not { } accessor
            || Context.GetValue(accessor) is not { } context
            || Request?.GetValue(context) is not { } request
            || Connection?.GetValue(context) is not { } connection
            || Id?.GetValue(connection) is not string id
            || Address?.GetValue(connection) is not IPAddress address
            || Headers?.GetValue(request) is not IDictionary<string, StringValues> headers
            || Protocol?.GetValue(request) is ProtocolOfProxies
            || headers.Keys.Any(IsOfAProxy))
        {
            return null;
        }

        return new ClientConnection(id, TextOf(address), headers.TryGetValue("User-Agent", out var agent) ? agent.ToString() : "", Credentials(headers), ClosedOf(context));
    }

    private static bool IsOfAProxy(string header) =>
        ProxyHeaders.Contains(header)
        || header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || header.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase);

    private static string TextOf(IPAddress address) =>
        IPAddress.IsLoopback(address) ? LoopbackAddress : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    private static CancellationToken ClosedOf(object context) =>
        Features?.GetValue(context) is { } features && Closed?.DeclaringType is { } type && Feature?.GetValue(features, [type]) is { } lifetime
            ? Closed.GetValue(lifetime) as CancellationToken? ?? default
            : default;

    private string? Credentials(IDictionary<string, StringValues> headers)
    {
        IncrementalHash? hash = null;
        foreach (var (name, value) in headers.Where(header => CredentialNames.Of(header.Key) != CredentialKind.None))
        {
            hash ??= IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{value}\n"));
        }

        using (hash)
        {
            return hash is null ? null : Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }
}
