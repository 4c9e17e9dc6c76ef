using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Puts the guard before the MCP endpoints.</summary>
/// <remarks>The SDK asks nobody about the sessions that a replica has, nor about those that a client deletes.</remarks>
internal sealed class SessionGuardPolicy(SessionGuard guard) : McpEndpointPolicy
{
    protected override Task InvokeAsync(HttpContext context, RequestDelegate next) => guard.InvokeAsync(context, next);
}
