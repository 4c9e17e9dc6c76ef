using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Knows the endpoints that <c>MapMcp</c> made for Streamable HTTP.</summary>
internal static class McpEndpoints
{
    public const string SessionIdHeader = "Mcp-Session-Id";
    public const string VersionHeader = "MCP-Protocol-Version";

    /// <summary>The first revision without sessions over HTTP. Revisions are dates, so they compare as texts.</summary>
    private const string FirstWithoutSessions = "2026-07-28";

    /// <summary>Tells them by what the SDK says they answer where there is no session; a name could be changed by the application.</summary>
    public static bool IsOne(Endpoint endpoint) =>
        endpoint.RequestDelegate is not null
        && endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(
            answer => answer.StatusCode == StatusCodes.Status404NotFound && answer.Type == typeof(JsonRpcError));

    /// <summary>Tells whether it is the one that ends sessions.</summary>
    public static bool IsDelete(Endpoint endpoint) =>
        IsOne(endpoint) && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Delete, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>The session that a request names; null where it names none, or speaks a revision that has none.</summary>
    public static string? SessionOf(HttpRequest request) =>
        request.Headers[SessionIdHeader].ToString() is { Length: > 0 } id && !IsWithoutSessions(request) ? id : null;

    /// <summary>Tells whether a request speaks a revision that has no sessions.</summary>
    public static bool IsWithoutSessions(HttpRequest request) => string.CompareOrdinal(request.Headers[VersionHeader].ToString(), FirstWithoutSessions) >= 0;
}
