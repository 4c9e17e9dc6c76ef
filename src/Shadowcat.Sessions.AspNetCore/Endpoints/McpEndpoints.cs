using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Recognizes the endpoints of <c>MapMcp</c> for Streamable HTTP.</summary>
internal static class McpEndpoints
{
    public const string SessionIdHeader = "Mcp-Session-Id";
    public const string VersionHeader = "MCP-Protocol-Version";

    /// <summary>The first revision without sessions over HTTP. Revisions are dates, so they compare as texts.</summary>
    private const string FirstWithoutSessions = "2026-07-28";

    /// <summary>Whether an endpoint is one of them. They have the SDK's metadata for a missing session; the application could change their names.</summary>
    public static bool IsOne(Endpoint endpoint) =>
        endpoint.RequestDelegate is not null
        && endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(
            answer => answer.StatusCode == StatusCodes.Status404NotFound && answer.Type == typeof(JsonRpcError));

    /// <summary>Whether an endpoint is the one that ends sessions.</summary>
    public static bool IsDelete(Endpoint endpoint) =>
        IsOne(endpoint) && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Delete, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>The session id of a request; null where it has none, or its revision has no sessions.</summary>
    public static string? SessionOf(HttpRequest request) =>
        request.Headers[SessionIdHeader].ToString() is { Length: > 0 } id && !IsWithoutSessions(request) ? id : null;

    /// <summary>Whether a request is of a revision without sessions.</summary>
    public static bool IsWithoutSessions(HttpRequest request) => string.CompareOrdinal(request.Headers[VersionHeader].ToString(), FirstWithoutSessions) >= 0;
}
