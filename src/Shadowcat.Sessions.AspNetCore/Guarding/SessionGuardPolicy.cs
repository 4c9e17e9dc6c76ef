using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Runs the guard before the MCP endpoints.</summary>
/// <remarks>The SDK has no hook for requests of sessions that a replica holds, nor for deletions.</remarks>
internal sealed class SessionGuardPolicy(SessionGuard guard) : McpEndpointPolicy
{
    protected override Task InvokeAsync(HttpContext context, RequestDelegate next) => guard.InvokeAsync(context, next);
}
