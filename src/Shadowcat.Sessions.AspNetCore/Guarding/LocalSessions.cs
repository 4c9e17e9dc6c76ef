using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Ends sessions that the SDK keeps in this process. The SDK offers one way only: a DELETE request.</summary>
internal static class LocalSessions
{
    /// <summary>Ends a session in this process. Nothing happens where there is none, or it belongs to another user.</summary>
    /// <param name="services">The services of a request.</param>
    /// <param name="user">The owner of the session.</param>
    /// <param name="sessionId">The id that the transport gave the session.</param>
    public static async Task EndAsync(IServiceProvider services, ClaimsPrincipal user, string sessionId)
    {
        var endpoint = services.GetRequiredService<EndpointDataSource>().Endpoints.FirstOrDefault(McpEndpoints.IsDelete);
        if (endpoint?.RequestDelegate is { } delete)
        {
            var deletion = new DefaultHttpContext { RequestServices = services, User = user };
            deletion.Request.Method = HttpMethods.Delete;
            deletion.Request.Headers[McpEndpoints.SessionIdHeader] = sessionId;
            deletion.SetEndpoint(endpoint);
            await delete(deletion).ConfigureAwait(false);
        }
    }
}
